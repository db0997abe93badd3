import type pg from "pg";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { createClient } from "../../prisma/client.ts";
import { createPool, type PoolOptions, reservedPoolOf } from "../../prisma/pool.ts";
import { databaseErrorOf } from "../../utils/database-errors.ts";
import { emptyDatabase, type TestDatabase } from "../support/database/db.ts";

let database: TestDatabase;
const opened: pg.Pool[] = [];

beforeAll(async () => {
  database = await emptyDatabase();
  await database.pool.query("CREATE TABLE held (id bigint PRIMARY KEY); INSERT INTO held VALUES (1)");
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map((pool) => pool.end()));
});

afterAll(() => database.drop());

function open(options: Partial<PoolOptions>): pg.Pool {
  const pool = createPool(database.url, { max: 1, onError: () => undefined, ...options });
  opened.push(pool);
  return pool;
}

const errorOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => null,
    (error: unknown) => error,
  );

it("a query that takes too long: is cancelled by the server, so that its transaction can be rolled back on its connection", async () => {
  const client = await open({ queryTimeoutMs: 600 }).connect();
  const { rows } = await client.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
  await client.query("BEGIN");
  const error = await errorOf(client.query("SELECT pg_sleep(60)"));
  expect(databaseErrorOf(error)).toEqual({ kind: "busy", code: "57014" });
  await client.query("ROLLBACK");
  const states = await database.pool.query("SELECT state FROM pg_stat_activity WHERE pid = $1", [rows[0]?.pid]);
  client.release();
  expect(states.rows).toEqual([{ state: "idle" }]);
});

it("a row that another session has locked: the lock timeout ends before the query timeout", async () => {
  const pool = open({ queryTimeoutMs: 1_000 });
  const holder = await database.pool.connect();
  await holder.query("BEGIN; SELECT FROM held FOR UPDATE");
  const raw = await errorOf(pool.query("UPDATE held SET id = 1"));
  const byPrisma = await errorOf(createClient(pool).$executeRaw`UPDATE held SET id = 1`);
  await holder.query("ROLLBACK");
  holder.release();
  expect([raw, byPrisma].map(databaseErrorOf)).toEqual([
    { kind: "busy", code: "55P03" },
    { kind: "busy", code: "55P03" },
  ]);
});

it("named prepared statements: keep their plan settings when the timeouts are set", async () => {
  const pool = open({ queryTimeoutMs: 4_000 });
  for (let round = 0; round < 2; round++)
    expect((await pool.query({ name: "find-held", text: "SELECT id FROM held WHERE id = $1", values: [1] })).rows).toEqual([{ id: 1 }]);
  const { rows } = await pool.query("SELECT name, setting FROM pg_settings WHERE name = ANY($1) ORDER BY name", [
    ["enable_seqscan", "jit", "lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout"],
  ]);
  expect(Object.fromEntries(rows.map(({ name, setting }) => [name, setting]))).toEqual({
    enable_seqscan: "off",
    jit: "off",
    idle_in_transaction_session_timeout: "10000",
    lock_timeout: "1900",
    statement_timeout: "3800",
  });
});

it("callers that wait for a connection: are rejected at once beyond the limit, and the others get one", async () => {
  const pool = open({ mostWaiting: 2 });
  const holder = await pool.connect();
  const waiting = [pool.query("SELECT 1 AS one"), pool.query("SELECT 2 AS one")];
  const errors = await Promise.all([
    errorOf(pool.query("SELECT 3")),
    errorOf(pool.connect()),
    errorOf(createClient(pool).$transaction((tx) => tx.$queryRaw`SELECT 4`)),
  ]);
  expect(errors.map(databaseErrorOf)).toEqual(errors.map(() => ({ kind: "busy", code: "POOL_FULL" })));
  holder.release();
  expect((await Promise.all(waiting)).map(({ rows }) => rows[0])).toEqual([{ one: 1 }, { one: 2 }]);
});

it("reserved connections: are available while all the others are in use, and together they never exceed the size of the pool", async () => {
  const pool = open({ max: 10, connectTimeoutMs: 300 });
  const reserved = reservedPoolOf(pool);
  expect(reservedPoolOf(pool)).toBe(reserved);
  const taken = await Promise.all(Array.from({ length: 8 }, () => pool.connect()));
  const ninth = await errorOf(pool.query("SELECT 1"));
  expect(databaseErrorOf(ninth)).toMatchObject({ kind: "busy" });
  const reservedTaken = await Promise.all([reserved.connect(), reserved.connect()]);
  expect(databaseErrorOf(await errorOf(reserved.query("SELECT 1")))).toMatchObject({ kind: "busy" });
  for (const client of [...taken, ...reservedTaken]) client.release();
  expect((await reserved.query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
  const { rows } = await reserved.query("SELECT current_setting('jit') AS jit, current_setting('enable_seqscan') AS scan");
  expect(rows).toEqual([{ jit: "off", scan: "off" }]);
});

it("reserved connections: end with their pool, and other kinds of pools have none", async () => {
  const pool = createPool(database.url, { max: 5, onError: () => undefined });
  const reserved = reservedPoolOf(pool);
  await reserved.query("SELECT 1");
  await pool.end();
  expect([pool.ended, reserved.ended, reserved.totalCount]).toEqual([true, true, 0]);
  expect(() => reservedPoolOf({} as pg.Pool)).toThrow("createPool");
});
