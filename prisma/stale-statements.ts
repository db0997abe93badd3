import type pg from "pg";
import { isStale } from "../utils/database-errors.ts";

/**
 * More attempts than a pool has connections: each failed attempt discards its connection, so that one of them gets a connection without
 * prepared statements.
 */
const MAX_ATTEMPTS = 50;

/**
 * Retries work while it fails on a connection whose prepared statements no longer match the database. The failed statement had no effect,
 * so `work` may write. It must discard its connection when it fails, and take another one for the retry.
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

/** Makes the queries of a pool retry after such an error. The pool itself discards the connection of a failed query. */
export function retryStaleQueries(pool: pg.Pool): void {
  const run = pool.query.bind(pool) as (...args: unknown[]) => Promise<unknown>;
  const query = (...args: unknown[]): Promise<unknown> =>
    typeof args.at(-1) === "function" ? run(...args) : retryOnStale(() => run(...args));
  Object.assign(pool, { query });
}
