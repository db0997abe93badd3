import type pg from "pg";
import { DAY_MS } from "../../utils/clock.ts";
import { HIGHEST_ID, LOWEST_ID, type TimeCursor } from "../../utils/cursor.ts";
import type { TimeWindow } from "./index/time-buckets.ts";
import type { Key } from "./query-terms.ts";

/** A position in the order of all messages: newest first, and for equal times the highest id first. */
export type ScanPosition = TimeCursor;

/** Returns the position before all entries; new messages may arrive while a user reads further pages. */
export const positionNow = (now: Date): ScanPosition => ({ ms: now.getTime() + DAY_MS, id: HIGHEST_ID });

/** Returns the position after all entries at or after a moment. */
export const positionBefore = (ms: number): ScanPosition => ({ ms, id: LOWEST_ID });

/** The requested entries: one token of each key and one of the scope, in a time range. */
export type IndexQuery = { readonly keys: readonly Key[]; readonly scope: Key; readonly before: ScanPosition; readonly fromMs: number };

export type Hit = { message_id: string; created_at: Date };

/**
 * These texts contain literal values: numbers of our own, timestamps and checked ids, never user input. So the timeout and the query can
 * be sent in the single round trip of a simple query, and the timeout applies to that query only. Prepared statements would not help:
 * every query needs its own plan, because the fastest plan depends on the tokens.
 */
const moment = (ms: number): string => `'${new Date(ms).toISOString()}'::timestamptz`;
const row = ({ ms, id }: ScanPosition): string => `(${moment(ms)}, '${id}'::uuid)`;
const has = (key: Key): string => `tokens && '{${key.join()}}'::int4[]`;
const hasAll = (keys: readonly Key[]): string => keys.map(has).join(" AND ");

const ORDER = "ORDER BY created_at DESC, message_id DESC";

const bounded = (timeoutMs: number): string =>
  `SET LOCAL statement_timeout = ${Math.max(1, Math.round(timeoutMs))}; SET LOCAL max_parallel_workers_per_gather = 0; SET LOCAL work_mem = '16MB'`;

/** Returns SQL that scans the entries after a position in order: efficient for common words. */
export const scanSql = ({ keys, scope, before, fromMs }: IndexQuery, steps: number, limit: number): string => `
  SELECT message_id, created_at FROM (
    SELECT message_id, created_at, tokens FROM message_search
    WHERE (created_at, message_id) < ${row(before)} AND created_at >= ${moment(fromMs)} ${ORDER} LIMIT ${steps}
  ) near WHERE ${hasAll([...keys, scope])} LIMIT ${limit}`;

const lastScannedSql = ({ before, fromMs }: IndexQuery, steps: number): string => `
  SELECT message_id, created_at FROM message_search
  WHERE (created_at, message_id) < ${row(before)} AND created_at >= ${moment(fromMs)} ${ORDER} OFFSET ${steps - 1} LIMIT 1`;

/**
 * Returns SQL that queries the token index for a time window: efficient for rare words. GIN evaluates the conditions in order and returns
 * to the first as soon as one of them skips ahead: the time comes second, so that it limits the words after the first, and is only
 * evaluated for the entries of the first word (with the time first the same query took four times as long). Materialized, so that the sort
 * order does not make the planner choose a scan.
 */
export const windowSql = ({ keys, scope, before, fromMs }: IndexQuery, window: TimeWindow, limit: number): string => `
  WITH hits AS MATERIALIZED (SELECT message_id, created_at FROM message_search WHERE ${hasAll([...keys.slice(0, 1), window.tokens, ...keys.slice(1), scope])})
  SELECT message_id, created_at FROM hits
  WHERE (created_at, message_id) < ${row(before)} AND created_at >= ${moment(Math.max(fromMs, window.fromMs))} ${ORDER} LIMIT ${limit}`;

const OLDEST = "SELECT message_id, created_at FROM message_search ORDER BY created_at, message_id LIMIT 1";

/** Whether a statement exceeded its timeout (SQLSTATE 57014). */
const isTimeout = (error: unknown): boolean => (error as { code?: unknown } | null)?.code === "57014";

/** Runs statements with a timeout. Null when it was exceeded. */
async function ask(pool: pg.Pool, timeoutMs: number, statements: readonly string[]): Promise<Hit[][] | null> {
  try {
    const answer: unknown = await pool.query([bounded(timeoutMs), ...statements].join(";"));
    return (answer as pg.QueryResult<Hit>[]).slice(-statements.length).map(({ rows }) => rows);
  } catch (error) {
    if (isTimeout(error)) return null;
    throw error;
  }
}

/** `lastScanned` is the last scanned entry; null at the end. `oldestMs` is the time of the oldest entry. */
export type ScanStep = { hits: Hit[]; lastScanned: Hit | null; oldestMs: number };

export async function runScan(
  pool: pg.Pool,
  wanted: IndexQuery,
  by: { steps: number; limit: number; timeoutMs: number },
): Promise<ScanStep | null> {
  const statements = [scanSql(wanted, by.steps, by.limit), lastScannedSql(wanted, by.steps), OLDEST];
  const found = await ask(pool, by.timeoutMs, statements);
  if (found === null) return null;
  const [hits = [], [lastScanned] = [], [oldest] = []] = found;
  return { hits, lastScanned: lastScanned ?? null, oldestMs: oldest?.created_at.getTime() ?? 0 };
}

export async function search(
  pool: pg.Pool,
  wanted: IndexQuery,
  by: { window: TimeWindow; limit: number; timeoutMs: number },
): Promise<Hit[] | null> {
  const found = await ask(pool, by.timeoutMs, [windowSql(wanted, by.window, by.limit)]);
  return found?.[0] ?? null;
}
