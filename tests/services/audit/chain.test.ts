import type pg from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { inTransaction } from "../../../prisma/transaction.ts";
import { expireEntries } from "../../../services/audit/expire-entries.ts";
import { type AuditAction, auditAllInTransaction, auditInTransaction } from "../../../services/audit/record.ts";
import { verifyChain } from "../../../services/audit/verify-chain.ts";
import { loadConfig } from "../../../utils/config.ts";
import { newId } from "../../../utils/ids.ts";
import { type TestDatabase, testDatabase } from "../../support/database/db.ts";

const DAY = 86_400_000;
const ZEROS = "0".repeat(64);

let database: TestDatabase;

beforeEach(async () => {
  database = await testDatabase();
});

afterEach(() => database.drop());

type Link = { number: number; entry_id: string | null; hash: string; previous_hash: string };

const links = async (): Promise<Link[]> => {
  const text = `SELECT number, entry_id, encode(hash, 'hex') AS hash, encode(previous_hash, 'hex') AS previous_hash
    FROM audit_chain ORDER BY number`;
  return (await database.pool.query<Link>(text)).rows;
};

const entry = async (action: AuditAction = "signed_in", days = 0): Promise<string> => {
  const at = new Date(Date.now() - days * DAY);
  const row = { id: newId(), at, action, subjectType: "user", subjectId: newId(), data: { text: "ä, 5:a", list: [1, 1.5, null] } };
  await database.db.auditEntry.create({ data: row });
  return row.id;
};

const entries = async (count: number): Promise<string[]> => {
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) ids.push(await entry());
  return ids;
};

/** Runs statements that the triggers would reject, as the owner of the tables can. */
async function tamper(...statements: readonly (readonly [string, unknown[]])[]): Promise<void> {
  const set = (mode: "DISABLE" | "ENABLE") =>
    database.pool.query(`ALTER TABLE audit_log ${mode} TRIGGER USER; ALTER TABLE audit_chain ${mode} TRIGGER USER`);
  await set("DISABLE");
  for (const [text, values] of statements) await database.pool.query(text, values);
  await set("ENABLE");
}

const faultOf = async (): Promise<{ number: number | null; reason: string } | null> => (await verifyChain(database.pool)).fault;

describe("the chain of the audit log", () => {
  it("numbers entries without gaps in the order of their commits, each with the hash of the previous one", async () => {
    const ids = await entries(3);
    const chain = await links();
    expect(chain.map(({ number, entry_id }) => [number, entry_id])).toEqual(ids.map((id, index) => [index + 1, id]));
    expect(chain.map(({ previous_hash }) => previous_hash)).toEqual([ZEROS, chain[0]?.hash, chain[1]?.hash]);
    const head = { number: 3, hash: chain[2]?.hash };
    expect(await verifyChain(database.pool)).toEqual({ checked: 3, head, fault: null, isKnownChecked: false });
  });

  it("contains the entries of concurrent transactions, and none of those that were rolled back", async () => {
    const event = { action: "role_changed", subjectType: "user", subjectId: newId(), data: { to: "admin" } } as const;
    const write = (client: pg.PoolClient) => auditAllInTransaction(client, {}, [event, event]);
    const kept = Array.from({ length: 20 }, () => inTransaction(database.pool, write));
    const failed = Array.from({ length: 20 }, () =>
      inTransaction(database.pool, async (client) => {
        await write(client);
        throw new Error("rolled back");
      }).catch(() => undefined),
    );
    await Promise.all([...kept, ...failed]);
    expect((await links()).map(({ number }) => number)).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
    expect(await verifyChain(database.pool)).toMatchObject({ checked: 40, fault: null });
  });

  it("is locked only at the commit: a transaction that wrote an entry and is still open does not delay another one", async () => {
    const event = { action: "message_approved", subjectType: "message", subjectId: newId() } as const;
    await inTransaction(database.pool, async (open) => {
      await auditInTransaction(open, {}, event);
      await inTransaction(database.pool, (client) => auditInTransaction(client, {}, event));
      expect(await links()).toHaveLength(1);
    });
    expect(await verifyChain(database.pool)).toMatchObject({ checked: 2, fault: null });
  });
});

describe("verifying the audit log", () => {
  it.each([
    ["action", "'signed_im'"],
    ["at", "at + interval '1 ms'"],
    ["actor_id", "gen_random_uuid()"],
    ["subject_type", "'session'"],
    ["subject_id", "NULL"],
    ["data", `'{"text":"ä, 5:b","list":[1,1.5,null]}'`],
    ["request_id", "''"],
  ])("finds a changed %s", async (column, value) => {
    const [, second] = await entries(3);
    await tamper([`UPDATE audit_log SET ${column} = ${value} WHERE id = $1`, [second]]);
    expect(await faultOf()).toEqual({ number: 2, reason: "its entry was changed" });
  });

  it.each([
    ["first", 0],
    ["middle", 1],
    ["newest", 2],
  ])("finds that the %s entry was removed, with and without its link", async (_, index) => {
    const ids = await entries(3);
    await tamper(["DELETE FROM audit_log WHERE id = $1", [ids[index]]]);
    expect(await faultOf()).toEqual({ number: index + 1, reason: "its entry was removed" });
    await tamper(["UPDATE audit_chain SET entry_id = NULL WHERE number = $1", [index + 1]]);
    expect(await faultOf()).toEqual({ number: index + 1, reason: "its entry was removed" });
    await tamper(["DELETE FROM audit_chain WHERE number = $1", [index + 1]]);
    const next =
      index === 2
        ? "the newest links are missing: the last one had the number 3"
        : `the link before it is missing: it follows number ${index}`;
    expect(await faultOf()).toEqual({ number: index === 2 ? 3 : index + 2, reason: next });
  });

  it("finds entries that were reordered", async () => {
    await entries(3);
    const swap =
      "UPDATE audit_chain SET number = CASE number WHEN 1 THEN 12 WHEN 2 THEN 11 ELSE number - 10 END WHERE number = ANY($1::int[])";
    await tamper([swap, [[1, 2]]], [swap, [[11, 12]]]);
    expect(await faultOf()).toEqual({ number: 1, reason: "its previous hash is not the hash of the link before it" });
  });

  it("finds an entry whose link was computed again, by the links after it", async () => {
    const [first] = await entries(2);
    await tamper(
      ["UPDATE audit_log SET action = 'other' WHERE id = $1", [first]],
      ["UPDATE audit_chain c SET action = 'other', content_hash = audit_content_hash(e) FROM audit_log e WHERE c.entry_id = e.id", []],
      ["UPDATE audit_chain c SET hash = audit_link_hash(c) WHERE number = $1", [1]],
    );
    expect(await faultOf()).toEqual({ number: 2, reason: "its previous hash is not the hash of the link before it" });
  });

  it("finds an entry that was written while the triggers were disabled", async () => {
    await entries(1);
    const id = newId();
    await tamper(["INSERT INTO audit_log (id, action, subject_type) VALUES ($1, 'forged', 'user')", [id]]);
    expect(await faultOf()).toEqual({ number: null, reason: `the entry ${id} has no link` });
  });

  it("compares a recorded position, which shows that a whole new chain replaced the old one", async () => {
    await entries(3);
    const [, second] = await links();
    const known = { number: 2, hash: second?.hash ?? "" };
    expect(await verifyChain(database.pool, known)).toMatchObject({ fault: null, isKnownChecked: true });
    const other = { number: 2, hash: ZEROS };
    expect((await verifyChain(database.pool, other)).fault).toEqual({ number: 2, reason: "its hash differs from the recorded one" });
    expect((await verifyChain(database.pool, { number: 4, hash: ZEROS })).fault?.reason).toBe("the recorded position is missing");
  });
});

describe("expired entries of the audit log", () => {
  const rules = { ...loadConfig({ NODE_ENV: "test" }), auditRetentionDays: 365 };

  async function expire(retentionDays = 365, limit = 200): Promise<number> {
    const client = await database.pool.connect();
    const services = { now: () => new Date(), rules: { ...rules, auditRetentionDays: retentionDays } };
    return expireEntries(services, { client, limit }).finally(() => client.release());
  }

  it("are removed, and the chain can be verified from the first kept row", async () => {
    for (const days of [400, 380]) await entry("signed_in", days);
    const kept = [await entry("signed_in", 300), await entry("signed_in")];
    expect(await expire()).toBe(2);
    expect((await links()).map(({ entry_id }) => entry_id)).toEqual(kept);
    expect(await verifyChain(database.pool)).toMatchObject({ checked: 2, head: { number: 4 }, fault: null });
  });

  it("leave their links between kept entries, which cannot hide the removal of a younger or of another kind of entry", async () => {
    const old = await entry("role_changed", 200);
    await entry("guest_created", 100);
    const young = await entry("guest_created", 80);
    const newest = await entry();
    expect(await expire()).toBe(1);
    expect((await links()).map(({ entry_id }) => entry_id)).toEqual([old, null, young, newest]);
    expect(await verifyChain(database.pool)).toMatchObject({ checked: 4, fault: null });
    for (const id of [young, old]) {
      await tamper(["DELETE FROM audit_log WHERE id = $1", [id]], ["UPDATE audit_chain SET entry_id = NULL WHERE entry_id = $1", [id]]);
      expect((await faultOf())?.reason).toBe("its entry was removed");
    }
  });

  it("are all removed in batches, and the next entry continues the chain", async () => {
    const rows = Array.from({ length: 45 }, () => ({ action: "signed_in", subjectType: "user", at: new Date(Date.now() - 400 * DAY) }));
    await database.db.auditEntry.createMany({ data: rows });
    for (const removed of [20, 20, 5, 0]) expect(await expire(365, 20)).toBe(removed);
    expect(await links()).toEqual([]);
    expect(await verifyChain(database.pool)).toMatchObject({ checked: 0, head: { number: 45 }, fault: null });
    await entry();
    expect(await links()).toMatchObject([{ number: 46 }]);
    expect(await faultOf()).toBeNull();
  });

  it("are removed after 30 days at the earliest, whatever period the caller asks for", async () => {
    await entry("guest_created", 31);
    const young = await entry("guest_created", 29);
    expect(await expire(0)).toBe(1);
    expect((await links()).map(({ entry_id }) => entry_id)).toEqual([young]);
  });
});
