import { setTimeout as pause } from "node:timers/promises";
import type pg from "pg";
import { isConflict, isStale } from "../utils/database-errors.ts";
import { retryOnStale } from "./stale-statements.ts";

const RETRY_MS = { min: 10, spread: 40 } as const;

/**
 * Runs a whole transaction, and retries it once if the database rolled it back because of a concurrent one (a deadlock or a serialization
 * failure). Nothing of the first attempt was kept, so `work` may be anything that only accesses the database.
 */
export async function retryOnConflict<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!isConflict(error)) throw error;
    // Two transactions that conflicted would conflict again if both were retried at the same moment.
    await pause(RETRY_MS.min + Math.random() * RETRY_MS.spread);
    return work();
  }
}

const rollBack = async (client: pg.PoolClient): Promise<boolean> => {
  try {
    await client.query("ROLLBACK");
    return true;
  } catch {
    return false;
  }
};

/** Commits. After an error that `work` swallowed, PostgreSQL answers COMMIT with a rollback, and without an error. */
async function commit(client: pg.PoolClient): Promise<void> {
  const { command } = await client.query("COMMIT");
  if (command !== "COMMIT") throw new Error("The transaction was rolled back because one of its statements failed.");
}

async function attempt<Result>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<Result>): Promise<Result> {
  const client = await pool.connect();
  let isUsable = true;
  try {
    await client.query("BEGIN");
    const result = await work(client);
    await commit(client);
    return result;
  } catch (error) {
    isUsable = (await rollBack(client)) && !isStale(error);
    throw error;
  } finally {
    client.release(!isUsable);
  }
}

/**
 * Runs `work` in one transaction on one connection: committed when it resolves, rolled back when it throws. It is retried once after a
 * deadlock or a serialization failure, and on another connection if prepared statements no longer match the tables, so `work` must only
 * access the database.
 * If `COMMIT` itself fails it is unknown whether the work was kept, and the error is thrown.
 */
export const inTransaction = <Result>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<Result>): Promise<Result> =>
  retryOnConflict(() => retryOnStale(() => attempt(pool, work)));
