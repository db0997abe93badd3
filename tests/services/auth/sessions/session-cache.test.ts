import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createPool } from "../../../../prisma/pool.ts";
import { createSessionCache } from "../../../../services/auth/sessions/session-cache.ts";
import { developmentSecret } from "../../../../services/auth/tokens/keys.ts";
import { createGuest } from "../../../../services/guests/create-guest.ts";
import { bootApp } from "../../../support/app.ts";
import { strangerCtx } from "../../../support/ctx.ts";
import { type TestDatabase, testDatabase } from "../../../support/database/db.ts";
import { appForFile } from "../../../support/for-file.ts";

/** Inserts any number of further guests, each with a session like that of the first. */
const COPY_USERS = `
  INSERT INTO users SELECT (jsonb_populate_record(u, jsonb_build_object('id', gen_random_uuid(), 'username', u.username || n, 'username_skeleton', u.username_skeleton || n))).*
  FROM users u, generate_series(1, $1::int) n`;
const COPY_SESSIONS = `
  INSERT INTO sessions SELECT (jsonb_populate_record(s, jsonb_build_object('id', gen_random_uuid(), 'user_id', u.id))).*
  FROM sessions s, users u`;

const now = () => new Date();
let sessionIds: string[];

const { app: node, database } = await appForFile();

beforeAll(async () => {
  for (let count = 0; count < 3; count++) await createGuest(strangerCtx(node.services), {});
  sessionIds = (await database.db.session.findMany()).map(({ id }) => id);
});

const id = (index: number): string => sessionIds[index] ?? "";
const end = (sessionId: string) => database.db.session.update({ where: { id: sessionId }, data: { endedAt: now() } });

it("the session cache: runs one query for all concurrent lookups, and none while the entry is fresh", async () => {
  const sessions = createSessionCache({ pool: database.pool, now });
  const query = vi.spyOn(database.pool, "query");
  const actors = await Promise.all(Array.from({ length: 1_000 }, (_, index) => sessions.actorOf(id(index % 3))));
  await sessions.actorOf(id(0));
  expect(query).toHaveBeenCalledTimes(1);
  query.mockRestore();
  expect(actors.map(({ sessionId }) => sessionId).slice(0, 3)).toEqual(sessionIds);
});

it("the session cache: detects a revoked session within a second, and at once after invalidation", async () => {
  const sessions = createSessionCache({ pool: database.pool, now });
  await Promise.all([sessions.actorOf(id(0)), sessions.actorOf(id(1))]);
  await Promise.all([end(id(0)), end(id(1))]);
  sessions.invalidate(id(1));
  await expect(sessions.actorOf(id(1))).rejects.toMatchObject({ code: "session_revoked" });
  await vi.waitFor(() => expect(sessions.actorOf(id(0))).rejects.toMatchObject({ code: "session_revoked" }), {
    timeout: 1_000,
    interval: 50,
  });
});

it("the session cache: answers a lookup of a session that was invalidated while its query was pending", async () => {
  const sessions = createSessionCache({ pool: database.pool, now });
  const first = sessions.actorOf(id(2));
  sessions.invalidate(id(2));
  const second = sessions.actorOf(id(2));
  expect((await first).id).toBe((await second).id);
});

it("the session cache: does not cache errors, so it recovers as soon as the database does", async () => {
  const sessions = createSessionCache({ pool: database.pool, now });
  const query = vi.spyOn(database.pool, "query").mockImplementationOnce(() => {
    throw new Error("the database is unreachable");
  });
  await expect(sessions.actorOf(id(2))).rejects.toThrow("the database is unreachable");
  expect((await sessions.actorOf(id(2))).sessionId).toBe(id(2));
  query.mockRestore();
});

it("the session cache: rejects missing and expired sessions, and finds the revoked ones among many", async () => {
  const sessions = createSessionCache({ pool: database.pool, now });
  const unknown = randomUUID();
  await expect(sessions.actorOf(unknown)).rejects.toMatchObject({ code: "session_revoked" });
  const gone = (sessionId: string) => ({ id: sessionId, ban: null });
  const dead = await sessions.deadOf([id(0), id(2), unknown]);
  expect(dead).toHaveLength(2);
  expect(dead).toEqual(expect.arrayContaining([gone(id(0)), gone(unknown)]));
  const later = createSessionCache({ pool: database.pool, now: () => new Date(Date.now() + 25 * 3_600_000) });
  await expect(later.actorOf(id(2))).rejects.toMatchObject({ code: "session_revoked" });
  expect(await later.deadOf([id(2)])).toEqual([gone(id(2))]);
});

const READ_OF_SESSIONS =
  "SELECT (coalesce(idx_tup_fetch, 0) + seq_tup_read)::int AS read FROM pg_stat_xact_user_tables WHERE relname = 'sessions'";

describe("looking sessions up in a table without planner statistics", () => {
  let fresh: TestDatabase;
  let live: string[];
  const many = 2_000;

  beforeAll(async () => {
    fresh = await testDatabase();
    const crowd = await bootApp({ database: fresh.url });
    await createGuest(strangerCtx(crowd.services), {});
    await crowd.close();
    await fresh.pool.query(COPY_USERS, [many]);
    await fresh.pool.query(COPY_SESSIONS);
    live = (await fresh.db.session.findMany({ select: { id: true } })).map((session) => session.id);
  });
  afterAll(() => fresh.drop());

  it("uses the index for thousands of sessions as for a few", async () => {
    // One connection, so that its prepared statement is reused.
    const pool = createPool(fresh.url, { max: 1, onError: () => undefined });
    const sessions = createSessionCache({ pool, now });
    // Counted within one transaction. From the sixth execution the database may choose another plan.
    await pool.query("BEGIN");
    const readSoFar = async (): Promise<number> => {
      const { rows } = await pool.query<{ read: number }>(READ_OF_SESSIONS);
      return rows[0]?.read ?? Number.NaN;
    };
    const reads: number[] = [];
    for (let count = 0; count < 12; count += 1) {
      const before = await readSoFar();
      expect(await sessions.deadOf(live)).toEqual([]);
      reads.push((await readSoFar()) - before);
    }
    await pool.query("COMMIT");
    await pool.end();
    expect(live.length).toBeGreaterThan(many);
    expect(reads).toEqual(reads.map(() => live.length));
  });

  it("reads only the requested session", async () => {
    // Counted within one transaction of a connection that has done nothing else.
    const pool = createPool(fresh.url, { max: 1, onError: () => undefined });
    await pool.query("BEGIN");
    const sessions = createSessionCache({ pool, now });
    for (const sessionId of live.slice(0, 12)) expect((await sessions.actorOf(sessionId)).sessionId).toBe(sessionId);
    const { rows } = await pool.query<{ read: number }>(READ_OF_SESSIONS);
    await pool.query("COMMIT");
    await pool.end();
    expect(rows).toEqual([{ read: 12 }]);
  });
});

it("the development secret: is the same for all nodes that start at once", async () => {
  const secrets = await Promise.all(Array.from({ length: 8 }, () => developmentSecret(database.pool, "development_secret")));
  expect(new Set(secrets).size).toBe(1);
  expect(secrets[0]).toMatch(/^[\w-]{43}$/);
});
