import type pg from "pg";
import { isStale } from "../utils/database-errors.ts";

/**
 * More attempts than a pool has connections: each attempt that fails discards the connection it used, so that one of them gets a
 * connection that has prepared nothing yet.
 */
const MAX_ATTEMPTS = 50;

/**
 * Runs work again while it fails on a connection whose prepared statements do not fit the database any more. The statement that failed
 * did nothing, so `work` may write. It must discard its connection when it fails, and take another one when it is run again.
 */
export async function retryOnStale<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!isStale(error) || attempt === MAX_ATTEMPTS) throw error;
    }
  }
}

/** Makes the queries of a pool run again after such an error. The pool itself discards the connection of a query that failed. */
export function retryStaleQueries(pool: pg.Pool): void {
  const run = pool.query.bind(pool) as (...args: unknown[]) => Promise<unknown>;
  const query = (...args: unknown[]): Promise<unknown> =>
    typeof args.at(-1) === "function" ? run(...args) : retryOnStale(() => run(...args));
  Object.assign(pool, { query });
}
