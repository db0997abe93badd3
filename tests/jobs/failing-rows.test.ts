import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { defineJob, inBatches, inParts } from "../../jobs/define.ts";
import { startScheduler } from "../../jobs/scheduler.ts";
import { purgeRuns } from "../../services/audit/job-runs.ts";
import { BatchError, processEach, processRows } from "../../services/audit/process-rows.ts";
import { purgeChallenges, purgeMailTokens, purgePhoneCodes } from "../../services/auth/purge-codes.ts";
import { expireSessions, purgeSessions } from "../../services/auth/sessions/expire-sessions.ts";
import type { Services } from "../../services/context.ts";
import { continueMerges } from "../../services/guests/continue-merges.ts";
import { purgeGuests } from "../../services/guests/purge-guests.ts";
import { purgeDeletedTexts } from "../../services/messages/changes/versions.ts";
import { purgeRejected } from "../../services/moderation/purge-rejected.ts";
import { markOffline } from "../../services/presence/mark-offline.ts";
import { eraseAccounts } from "../../services/privacy/erasure/erase-accounts.ts";
import { expireExports } from "../../services/privacy/export/expire.ts";
import { runPendingExports } from "../../services/privacy/export/run-pending.ts";
import { sha256 } from "../../utils/crypto.ts";
import { newId } from "../../utils/ids.ts";
import { createMetrics } from "../../utils/metrics.ts";
import { type App, bootApp } from "../support/app.ts";
import { movableClock } from "../support/clock.ts";
import { type TestDatabase, testDatabase } from "../support/database/db.ts";
import { makeGuest, makeMember, makeRoom } from "../support/factories.ts";

const DAY = 86_400_000;

let clock: ReturnType<typeof movableClock>;
let database: TestDatabase;
let node: App;

beforeEach(async () => {
  clock = movableClock();
  database = await testDatabase();
  node = await bootApp({ database: database.url, now: clock.now });
});
afterEach(async () => {
  await node.close();
  await database.drop();
});

const ago = (ms: number): Date => new Date(clock.now().getTime() - ms);

/** Makes every change of one row fail until the returned function is called. */
async function poison({ table, column }: Pick<Case, "table" | "column">, key: string): Promise<() => Promise<void>> {
  await database.pool.query(`
    CREATE OR REPLACE FUNCTION poisoned() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'poisoned row'; END $$;
    CREATE TRIGGER poisoned BEFORE UPDATE OR DELETE ON ${table} FOR EACH ROW WHEN (OLD.${column}::text = '${key}') EXECUTE FUNCTION poisoned()`);
  return async () => void (await database.pool.query(`DROP TRIGGER poisoned ON ${table}`));
}

type Case = {
  readonly job: string;
  readonly run: (services: Services, limit: number) => Promise<number>;
  /** Creates a due row that is older than all that follow; returns its key. */
  readonly make: () => Promise<string>;
  readonly table: string;
  readonly column: string;
  /** The SQL condition of a row that the job has yet to process. */
  readonly isOpen: string;
};

/** Rows are created in sequence: the first is the oldest. */
let age = 100 * DAY;
function older(): Date {
  age -= 1_000;
  return ago(age);
}

async function idleGuest(): Promise<string> {
  const { id } = await makeGuest(node.services);
  await database.db.session.deleteMany({ where: { userId: id } });
  await database.db.user.update({ where: { id }, data: { lastSeenAt: older() } });
  return id;
}

async function leavingMember(): Promise<string> {
  const { id } = await makeMember(node.services);
  await database.db.accountDeletion.create({
    data: { userId: id, requestedAt: ago(200 * DAY), dueAt: older(), messages: "keep", profileSnapshot: new Uint8Array(4) },
  });
  return id;
}

async function session(over: { expiresAt?: Date; endedAt?: Date }): Promise<string> {
  const { id: userId } = await makeMember(node.services);
  const { id } = await database.db.session.create({ data: { userId, createdAt: ago(200 * DAY), expiresAt: new Date(), ...over } });
  return id;
}

async function message(over: { moderation?: "removed" }): Promise<string> {
  const author = await makeMember(node.services);
  const roomId = await makeRoom(node.services);
  const id = newId();
  const number = over.moderation === undefined ? { seq: 1n, changedSeq: 1n } : {};
  const row = { id, roomId, authorId: author.id, clientMessageId: newId(), text: "x", createdAt: older() };
  // Only the database can have a message that was rejected before it got a number.
  await database.db.message.create({ data: { ...row, ...number, ...over } });
  return id;
}

async function userId(): Promise<string> {
  return (await makeMember(node.services)).id;
}

const cases: readonly Case[] = [
  {
    job: "purge-guests",
    run: (services, limit) => purgeGuests(services, { limit }),
    make: idleGuest,
    table: "users",
    column: "id",
    isOpen: "erased_at IS NULL",
  },
  {
    job: "erase-accounts",
    run: (services, limit) => eraseAccounts(services, { limit }),
    make: leavingMember,
    table: "users",
    column: "id",
    isOpen: "erased_at IS NULL",
  },
  {
    job: "merge-guests",
    run: (services, limit) => continueMerges(services, { limit }),
    make: async () => {
      const { id: guestId } = await makeGuest(node.services);
      await database.db.guestMerge.create({ data: { guestId, userId: await userId(), createdAt: older() } });
      return guestId;
    },
    table: "guest_merges",
    column: "guest_id",
    isOpen: "finished_at IS NULL",
  },
  {
    job: "expire-sessions: ends sessions",
    run: (services, limit) => expireSessions(services, { limit }),
    make: () => session({ expiresAt: older() }),
    table: "sessions",
    column: "id",
    isOpen: "ended_at IS NULL",
  },
  {
    job: "expire-sessions: removes ended sessions",
    run: (services, limit) => purgeSessions(services, { limit }),
    make: () => session({ endedAt: older() }),
    table: "sessions",
    column: "id",
    isOpen: "true",
  },
  {
    job: "purge-codes: phone codes",
    run: (services, limit) => purgePhoneCodes(services, { limit }),
    make: async () => {
      const bytes = new Uint8Array(32);
      const row = { id: newId(), purpose: "signup", sealed: bytes, blindIndex: bytes, prefix: "+491", codeHash: bytes } as const;
      await database.db.phoneVerification.create({ data: { ...row, createdAt: older(), expiresAt: new Date() } });
      return row.id;
    },
    table: "phone_verifications",
    column: "id",
    isOpen: "true",
  },
  {
    job: "purge-codes: mail tokens",
    run: (services, limit) => purgeMailTokens(services, { limit }),
    make: async () => {
      const hash = sha256(newId());
      const row = { hash: new Uint8Array(hash), purpose: "verify_email", userId: await userId(), contactId: newId() } as const;
      await database.db.mailToken.create({ data: { ...row, expiresAt: older() } });
      return `\\x${hash.toString("hex")}`;
    },
    table: "mail_tokens",
    column: "hash",
    isOpen: "true",
  },
  {
    job: "purge-codes: passkey challenges",
    run: (services, limit) => purgeChallenges(services, { limit }),
    make: async () => {
      const { id } = await database.db.passkeyChallenge.create({ data: { purpose: "sign_in", challenge: "x", expiresAt: older() } });
      return id;
    },
    table: "passkey_challenges",
    column: "id",
    isOpen: "true",
  },
  {
    job: "purge-runs",
    run: (services, limit) => purgeRuns(services, { limit }),
    make: async () => (await database.db.jobRun.create({ data: { name: "old", startedAt: older(), durationMs: 1, rows: 0 } })).id,
    table: "job_runs",
    column: "id",
    isOpen: "true",
  },
  {
    job: "purge-deleted-texts: versions",
    run: (services, limit) => purgeDeletedTexts(services, { before: 30 * DAY, limit }),
    make: async () => {
      const messageId = await message({});
      const row = { messageId, version: 1, text: "x", writtenAt: ago(101 * DAY), replacedAt: older(), isDeleted: true };
      await database.db.messageVersion.create({ data: row });
      return messageId;
    },
    table: "message_versions",
    column: "message_id",
    isOpen: "true",
  },
  {
    job: "purge-deleted-texts: rejected messages",
    run: (services, limit) => purgeRejected(services, { before: 30 * DAY, limit }),
    make: () => message({ moderation: "removed" }),
    table: "messages",
    column: "id",
    isOpen: "true",
  },
  {
    job: "run-exports: makes exports",
    run: (services) => runPendingExports(services),
    make: async () => (await database.db.dataExport.create({ data: { userId: await userId(), createdAt: clock.now() } })).id,
    table: "export_pieces",
    column: "export_id",
    isOpen: "EXISTS (SELECT FROM data_exports e WHERE e.id = k.key::uuid AND e.state = 'waiting')",
  },
  {
    job: "run-exports: ends links",
    run: (services, limit) => expireExports(services, { limit }),
    make: async () => {
      const times = { createdAt: ago(120 * DAY), readyAt: ago(119 * DAY), expiresAt: older() };
      const row = { userId: await userId(), state: "ready", sizeBytes: 1n, sealedKey: new Uint8Array(4), ...times } as const;
      return (await database.db.dataExport.create({ data: row })).id;
    },
    table: "data_exports",
    column: "id",
    isOpen: "state = 'ready'",
  },
  {
    job: "mark-offline",
    run: (services, limit) => markOffline(services, { limit }),
    make: async () => {
      const id = await userId();
      await database.db.user.update({ where: { id }, data: { presenceStatus: "online", lastSeenAt: older() } });
      return id;
    },
    table: "users",
    column: "id",
    isOpen: "presence_status <> 'offline'",
  },
];

/** Returns those of the given rows that the job has yet to process. */
async function openRows({ table, column, isOpen }: Case, keys: readonly string[]): Promise<string[]> {
  const text = isOpen.startsWith("EXISTS")
    ? `SELECT k.key FROM unnest($1::text[]) AS k(key) WHERE ${isOpen}`
    : `SELECT ${column}::text AS key FROM ${table} WHERE ${column}::text = ANY($1::text[]) AND ${isOpen}`;
  return (await database.pool.query<{ key: string }>(text, [keys])).rows.map(({ key }) => key);
}

/** Poisons a row of another table if the job's own row must stay writable. */
async function poisonRow(one: Case, key: string): Promise<() => Promise<void>> {
  if (one.table !== "export_pieces") return poison(one, key);
  const { userId: owner } = await database.db.dataExport.findUniqueOrThrow({ where: { id: key } });
  // A contact that no key opens, as after a lost data key.
  await database.db.contact.create({ data: { userId: owner, kind: "email", sealed: new Uint8Array(40), blindIndex: new Uint8Array(32) } });
  return async () => void (await database.db.contact.deleteMany({ where: { userId: owner } }));
}

describe("a row that a job cannot process", () => {
  it.each(cases)("$job: delays no other row, even in batches of one, and is processed once the cause is fixed", async (one) => {
    const bad = await one.make();
    const good = [await one.make(), await one.make()];
    const cure = await poisonRow(one, bad);
    const run = (): Promise<number> => inBatches((limit) => one.run(node.services, limit), 1);
    const failure = await run().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(BatchError);
    expect((failure as BatchError).errors).toHaveLength(1);
    expect(await openRows(one, [bad, ...good])).toEqual([bad]);
    // The next run neither selects the row again nor is delayed by it.
    const late = await one.make();
    expect(await run()).toBeGreaterThan(0);
    expect(await openRows(one, [bad, late])).toEqual([bad]);
    expect(await database.db.jobFailure.findMany()).toMatchObject([{ rowKey: bad, attempts: 1 }]);
    await cure();
    clock.advance(61_000);
    expect(await run()).toBeGreaterThan(0);
    expect(await openRows(one, [bad])).toEqual([]);
    expect(await database.db.jobFailure.count()).toBe(0);
  });

  it("is retried after four times as long with each attempt, up to six hours", async () => {
    const work = (): Promise<number> => Promise.reject(new Error("broken"));
    const waits: number[] = [];
    for (let attempts = 0; attempts < 8; attempts++) {
      await processRows(node.services, { job: "a-job", keys: ["a"], work }).catch(() => undefined);
      const { retryAt, failedAt } = await database.db.jobFailure.findFirstOrThrow();
      waits.push((retryAt.getTime() - failedAt.getTime()) / 60_000);
    }
    expect(waits).toEqual([1, 4, 16, 64, 256, 360, 360, 360]);
  });

  it("is found among many in few attempts, and the others are processed", async () => {
    const keys = Array.from({ length: 64 }, (_, index) => String(index));
    const parts: number[] = [];
    const work = async (part: readonly string[]): Promise<number> => {
      parts.push(part.length);
      if (part.includes("17")) throw new Error("broken");
      return part.length;
    };
    await expect(processRows(node.services, { job: "a-job", keys, work })).rejects.toMatchObject({ done: 63 });
    expect(parts.length).toBe(13);
  });

  it("ends the batch with the database error if the failure cannot be recorded", async () => {
    await database.pool.query("ALTER TABLE job_failures RENAME TO away");
    let calls = 0;
    const work = (): Promise<boolean> => {
      calls += 1;
      return Promise.reject(new Error("the database is unreachable"));
    };
    await expect(processEach(node.services, { job: "a-job", keys: ["a", "b", "c"], work })).rejects.toThrow("the database is unreachable");
    expect(calls).toBe(1);
  });
});

describe("a job", () => {
  it("with several parts: runs all parts although one fails, and reports the failure at the end", async () => {
    const ran: string[] = [];
    const part = (name: string) => async () => {
      ran.push(name);
      return 2;
    };
    const broken = (): Promise<number> => Promise.reject(new Error("no such table"));
    await expect(inParts(part("first"), broken, part("last"))).rejects.toMatchObject({
      done: 4,
      message: expect.stringContaining("no such table"),
    });
    expect(ran).toEqual(["first", "last"]);
  });

  it("with failed rows: records the processed rows and the first error, and is not run again at once", async () => {
    let runs = 0;
    const run = (): Promise<number> => {
      runs += 1;
      return Promise.reject(new BatchError(5, [new Error("a poisoned row")]));
    };
    const job = defineJob({ name: "partly", cron: "0 0 29 2 *", run });
    const metrics = createMetrics();
    const { services } = node;
    const scheduler = await startScheduler({ url: database.url, services, logger: services.logger, metrics, jobs: [job] });
    const done = new Promise((resolve) => {
      const { inc } = metrics.jobRuns;
      metrics.jobRuns.inc = ((...values: unknown[]): void => {
        Reflect.apply(inc, metrics.jobRuns, values);
        resolve(values);
      }) as typeof inc;
    });
    await scheduler.tick("partly", new Date());
    expect(await done).toEqual([{ job: "partly", outcome: "failed" }]);
    await scheduler.stop();
    expect(await database.db.jobRun.findMany({ where: { name: "partly" } })).toMatchObject([
      { rows: 5, error: "BatchError: 1 of 6 rows failed: Error: a poisoned row" },
    ]);
    const { rows } = await database.pool.query("SELECT state::text FROM pgboss.job WHERE name = 'partly'");
    expect([runs, rows]).toEqual([1, [{ state: "completed" }]]);
  });
});
