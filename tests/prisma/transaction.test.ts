import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createPool } from "../../prisma/pool.ts";
import { inTransaction } from "../../prisma/transaction.ts";
import { deferred } from "../../utils/client/deferred.ts";
import { databaseErrorOf } from "../../utils/database-errors.ts";
import { emptyDatabase, type TestDatabase } from "../support/database/db.ts";

let database: TestDatabase;

beforeAll(async () => {
  database = await emptyDatabase();
  await database.pool.query("CREATE TABLE kept (id bigint PRIMARY KEY)");
});

beforeEach(() => database.pool.query("TRUNCATE kept"));

afterAll(() => database.drop());

const ids = async (): Promise<number[]> =>
  (await database.pool.query<{ id: number }>("SELECT id FROM kept ORDER BY id")).rows.map(({ id }) => id);

it("a transaction: commits when the work resolves, and returns its result", async () => {
  const answer = await inTransaction(database.pool, async (client) => {
    await client.query("INSERT INTO kept VALUES (1)");
    return "done";
  });
  expect(answer).toBe("done");
  expect(await ids()).toEqual([1]);
});

it("a transaction: rolls back when the work throws, and rethrows the error", async () => {
  const fault = new Error("no");
  const work = inTransaction(database.pool, async (client) => {
    await client.query("INSERT INTO kept VALUES (1)");
    throw fault;
  });
  await expect(work).rejects.toBe(fault);
  expect(await ids()).toEqual([]);
});

it("a transaction: does not report success when a statement failed and the work swallowed the error", async () => {
  const work = inTransaction(database.pool, async (client) => {
    await client.query("INSERT INTO kept VALUES (1)");
    await client.query("SELECT 1 / 0").catch(() => undefined);
  });
  await expect(work).rejects.toThrow(/rolled back/);
  expect(await ids()).toEqual([]);
});

it("a transaction: discards a broken connection, and the pool keeps working", async () => {
  const errors: Error[] = [];
  const pool = createPool(database.url, { max: 1, onError: (error) => errors.push(error) });
  const work = inTransaction(pool, async (client) => {
    const { rows } = await client.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
    await database.pool.query("SELECT pg_terminate_backend($1)", [rows[0]?.pid]);
    await client.query("INSERT INTO kept VALUES (1)");
  });
  await expect(work).rejects.toThrow();
  await inTransaction(pool, (client) => client.query("INSERT INTO kept VALUES (2)"));
  await pool.end();
  expect(await ids()).toEqual([2]);
});

it("a transaction: reads 64-bit integers as numbers, in its own pool only", async () => {
  const { rows } = await database.pool.query("SELECT 9007199254740991::bigint AS most, count(*) AS none FROM kept");
  expect(rows).toEqual([{ most: Number.MAX_SAFE_INTEGER, none: 0 }]);
  const [raw] = await database.db.$queryRaw<{ id: unknown }[]>`SELECT 1::bigint AS id`;
  expect(raw).toEqual({ id: 1n });
});

/** Runs two transactions that update two rows in opposite order, once, so that PostgreSQL aborts one transaction. */
function crossing(run: (first: number, second: number, meet: () => Promise<void>) => Promise<unknown>): Promise<unknown> {
  const both = [deferred<void>(), deferred<void>()] as const;
  const meet = (own: 0 | 1) => async (): Promise<void> => {
    both[own].resolve();
    await both[1 - own]?.promise;
  };
  return Promise.all([run(1, 2, meet(0)), run(2, 1, meet(1))]);
}

const counts = async (): Promise<number[]> =>
  (await database.pool.query<{ times: number }>("SELECT times FROM touched ORDER BY id")).rows.map(({ times }) => times);

describe("a transaction that the database aborts because of a deadlock", () => {
  beforeAll(() => database.pool.query("CREATE TABLE touched (id bigint PRIMARY KEY, times bigint NOT NULL DEFAULT 0)"));
  beforeEach(() => database.pool.query("TRUNCATE touched; INSERT INTO touched (id) VALUES (1), (2)"));

  it("inTransaction: is retried once and keeps the work of both", async () => {
    let runs = 0;
    await crossing((first, second, meet) =>
      inTransaction(database.pool, async (client) => {
        runs += 1;
        await client.query("UPDATE touched SET times = times + 1 WHERE id = $1", [first]);
        await meet();
        await client.query("UPDATE touched SET times = times + 1 WHERE id = $1", [second]);
      }),
    );
    expect(runs).toBe(3);
    expect(await counts()).toEqual([2, 2]);
  });

  it("Prisma, a function: is retried once and keeps the work of both", async () => {
    let runs = 0;
    await crossing((first, second, meet) =>
      database.db.$transaction(async (tx) => {
        runs += 1;
        await tx.$executeRaw`UPDATE touched SET times = times + 1 WHERE id = ${first}`;
        await meet();
        await tx.$executeRaw`UPDATE touched SET times = times + 1 WHERE id = ${second}`;
      }),
    );
    expect(runs).toBe(3);
    expect(await counts()).toEqual([2, 2]);
  });

  it("Prisma, a list of statements: is retried once and keeps the work of both", async () => {
    await database.pool.query("INSERT INTO touched (id) VALUES (3)");
    const holder = await database.pool.connect();
    await holder.query("BEGIN; SELECT FROM touched WHERE id = 3 FOR UPDATE");
    const { db } = database;
    const touch = (ids: number[]) =>
      db.$transaction(ids.map((id) => db.$executeRaw`UPDATE touched SET times = times + 1 WHERE id = ${id}`));
    const both = Promise.all([touch([1, 3, 2]), touch([2, 3, 1])]);
    const waiting = "SELECT count(*) AS count FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    // Each transaction has its first row and waits for the third: the one that gets it next waits for the other's first.
    await expect.poll(async () => (await database.pool.query<{ count: number }>(waiting)).rows[0]?.count).toBe(2);
    await holder.query("ROLLBACK");
    holder.release();
    await both;
    expect(await counts()).toEqual([2, 2, 2]);
  });

  it("fails after the second attempt, and reports a conflict", async () => {
    let runs = 0;
    const work = inTransaction(database.pool, async (client) => {
      runs += 1;
      await client.query("DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END $$");
    });
    await expect(work).rejects.toSatisfy((error) => databaseErrorOf(error)?.kind === "conflict");
    expect(runs).toBe(2);
  });

  it("is not retried after any other error", async () => {
    let runs = 0;
    const work = inTransaction(database.pool, async (client) => {
      runs += 1;
      await client.query("SELECT 1 / 0");
    });
    await expect(work).rejects.toThrow(/division by zero/);
    expect(runs).toBe(1);
  });
});
