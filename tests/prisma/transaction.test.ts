import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { createPool } from "../../prisma/pool.ts";
import { inTransaction } from "../../prisma/transaction.ts";
import { emptyDatabase, type TestDatabase } from "../support/db.ts";

let database: TestDatabase;

beforeAll(async () => {
  database = await emptyDatabase();
  await database.pool.query("CREATE TABLE kept (id bigint PRIMARY KEY)");
});

beforeEach(() => database.pool.query("TRUNCATE kept"));

afterAll(() => database.drop());

const ids = async (): Promise<number[]> =>
  (await database.pool.query<{ id: number }>("SELECT id FROM kept ORDER BY id")).rows.map(({ id }) => id);

it("keeps the work when it resolves, and answers what it answered", async () => {
  const answer = await inTransaction(database.pool, async (client) => {
    await client.query("INSERT INTO kept VALUES (1)");
    return "done";
  });
  expect(answer).toBe("done");
  expect(await ids()).toEqual([1]);
});

it("keeps nothing when the work throws, and throws the same", async () => {
  const fault = new Error("no");
  const work = inTransaction(database.pool, async (client) => {
    await client.query("INSERT INTO kept VALUES (1)");
    throw fault;
  });
  await expect(work).rejects.toBe(fault);
  expect(await ids()).toEqual([]);
});

it("does not report success when a statement failed and the work swallowed the error", async () => {
  const work = inTransaction(database.pool, async (client) => {
    await client.query("INSERT INTO kept VALUES (1)");
    await client.query("SELECT 1 / 0").catch(() => undefined);
  });
  await expect(work).rejects.toThrow(/rolled back/);
  expect(await ids()).toEqual([]);
});

it("gives a broken connection up, and the pool goes on", async () => {
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

it("reads 64-bit integers as numbers, for its own pool only", async () => {
  const { rows } = await database.pool.query("SELECT 9007199254740991::bigint AS most, count(*) AS none FROM kept");
  expect(rows).toEqual([{ most: Number.MAX_SAFE_INTEGER, none: 0 }]);
  const [raw] = await database.db.$queryRaw<{ id: unknown }[]>`SELECT 1::bigint AS id`;
  expect(raw).toEqual({ id: 1n });
});
