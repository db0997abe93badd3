import type pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createPool } from "../../prisma/pool.ts";
import { inTransaction } from "../../prisma/transaction.ts";
import { emptyDatabase, type TestDatabase } from "../support/database/db.ts";

const CONNECTIONS = 4;
const find = (id: number) => ({ name: "find-note", text: "SELECT * FROM notes WHERE id = $1", values: [id] });
const insert = (id: number) => ({ name: "insert-note", text: "INSERT INTO notes VALUES ($1) RETURNING *", values: [id] });

let database: TestDatabase;
let pool: pg.Pool;
let pids: number[];

beforeAll(async () => {
  database = await emptyDatabase();
});

/** Opens every connection of a pool, runs `work` on each, and returns their process ids. */
async function onEach(work: (client: pg.PoolClient) => Promise<unknown>): Promise<number[]> {
  const clients = await Promise.all(Array.from({ length: CONNECTIONS }, () => pool.connect()));
  const rows = await Promise.all(
    clients.map(async (client) => {
      await work(client);
      return client.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
    }),
  );
  for (const client of clients) client.release();
  return rows.flatMap((result) => result.rows.map(({ pid }) => pid));
}

beforeEach(async () => {
  await database.pool.query("DROP TABLE IF EXISTS notes; CREATE TABLE notes (id int PRIMARY KEY); INSERT INTO notes VALUES (1)");
  pool = createPool(database.url, { max: CONNECTIONS, onError: () => undefined });
  pids = await onEach(async (client) => {
    await client.query("BEGIN");
    await client.query(find(1));
    await client.query(insert(2));
    await client.query("ROLLBACK");
  });
});

afterEach(() => pool.end());
afterAll(() => database.drop());

/** Changes that invalidate the prepared statements of all connections while the server runs. */
const changes: readonly (readonly [string, () => Promise<unknown>])[] = [
  ["tables that change (0A000)", () => database.pool.query("ALTER TABLE notes ADD COLUMN text text")],
  ["statements that are gone (26000)", () => onEach((client) => client.query("DEALLOCATE ALL"))],
];

describe.each(changes)("prepared statements and %s", (_what, change) => {
  it("every query succeeds, each on a new connection", async () => {
    await change();
    const found = await Promise.all(Array.from({ length: 3 * CONNECTIONS }, () => pool.query<{ id: number }>(find(1))));
    expect(found.map(({ rows }) => rows.map(({ id }) => id))).toEqual(found.map(() => [1]));
    const now = await onEach((client) => client.query(find(1)));
    expect(now.filter((pid) => pids.includes(pid))).toEqual([]);
  });

  it("a statement that writes is executed once", async () => {
    await change();
    await Promise.all(Array.from({ length: 20 }, (_, at) => pool.query(insert(10 + at))));
    const { rows } = await database.pool.query("SELECT count(*) AS count FROM notes WHERE id >= 10");
    expect(rows).toEqual([{ count: 20 }]);
  });

  it("a transaction is retried as a whole on a new connection", async () => {
    await change();
    const write = (id: number) =>
      inTransaction(pool, async (client) => {
        await client.query(`INSERT INTO notes (id) VALUES (${1_000 + id})`);
        await client.query(insert(2_000 + id));
      });
    await Promise.all(Array.from({ length: 8 }, (_, id) => write(id)));
    const { rows } = await database.pool.query(
      "SELECT id / 1000 AS kind, count(*) AS count FROM notes WHERE id >= 1000 GROUP BY 1 ORDER BY 1",
    );
    expect(rows).toEqual([
      { kind: 1, count: 8 },
      { kind: 2, count: 8 },
    ]);
  });
});

it("a query that keeps failing for another reason runs once", async () => {
  let runs = 0;
  pool.on("acquire", () => (runs += 1));
  await expect(pool.query("SELECT 1 / 0")).rejects.toThrow(/division by zero/);
  expect(runs).toBe(1);
});
