import type pg from "pg";
import { HIGHEST_ID, LOWEST_ID, type TimeCursor } from "../../utils/cursor.ts";
import type { TimeWindow } from "./index/time-buckets.ts";
import type { Key } from "./query-terms.ts";

/** A place in the order of all messages: newest first, and among those of one moment the highest id first. */
export type ScanPosition = TimeCursor;

/** Before everything there is; new messages may come while somebody reads on. */
export const positionNow = (now: Date): ScanPosition => ({ ms: now.getTime() + 86_400_000, id: HIGHEST_ID });

/** Everything at and after a moment has been seen. */
export const positionBefore = (ms: number): ScanPosition => ({ ms, id: LOWEST_ID });

/** Which entries are wanted: one token of each key and one of the scope, in a part of time. */
export type Wanted = { readonly keys: readonly Key[]; readonly scope: Key; readonly before: ScanPosition; readonly fromMs: number };

export type Hit = { message_id: string; created_at: Date };

/**
 * Values stand in these texts: numbers of our own, moments and checked ids, never a caller's words. So the bound on the time and the
 * question travel together, in the one round trip of a simple query, and hold for it alone. Every plan would differ from the last one
 * anyway: what is quick depends on the tokens.
 */
const moment = (ms: number): string => `'${new Date(ms).toISOString()}'::timestamptz`;
const row = ({ ms, id }: ScanPosition): string => `(${moment(ms)}, '${id}'::uuid)`;
const has = (key: Key): string => `tokens && '{${key.join()}}'::int4[]`;
const hasAll = (keys: readonly Key[]): string => keys.map(has).join(" AND ");

const ORDER = "ORDER BY created_at DESC, message_id DESC";

const bounded = (timeoutMs: number): string =>
  `SET LOCAL statement_timeout = ${Math.max(1, Math.round(timeoutMs))}; SET LOCAL max_parallel_workers_per_gather = 0; SET LOCAL work_mem = '16MB'`;

/** The entries next to a place, one after the other: the way to what is common. */
export const scanSql = ({ keys, scope, before, fromMs }: Wanted, steps: number, limit: number): string => `
  SELECT message_id, created_at FROM (
    SELECT message_id, created_at, tokens FROM message_search
    WHERE (created_at, message_id) < ${row(before)} AND created_at >= ${moment(fromMs)} ${ORDER} LIMIT ${steps}
  ) near WHERE ${hasAll([...keys, scope])} LIMIT ${limit}`;

const edgeSql = ({ before, fromMs }: Wanted, steps: number): string => `
  SELECT message_id, created_at FROM message_search
  WHERE (created_at, message_id) < ${row(before)} AND created_at >= ${moment(fromMs)} ${ORDER} OFFSET ${steps - 1} LIMIT 1`;

/**
 * The entries of a stretch of time by the index of tokens: the way to what is rare. The index goes from one condition to the next
 * and back to the first as soon as one of them skips ahead: the time comes second, so that it bounds the words after the first, and
 * is asked about that one's entries alone (with the time first the same took four times as long). Materialized, so that the order
 * does not tempt the planner to walk.
 */
export const windowSql = ({ keys, scope, before, fromMs }: Wanted, stretch: TimeWindow, limit: number): string => `
  WITH hits AS MATERIALIZED (SELECT message_id, created_at FROM message_search WHERE ${hasAll([...keys.slice(0, 1), stretch.tokens, ...keys.slice(1), scope])})
  SELECT message_id, created_at FROM hits
  WHERE (created_at, message_id) < ${row(before)} AND created_at >= ${moment(Math.max(fromMs, stretch.fromMs))} ${ORDER} LIMIT ${limit}`;

const OLDEST = "SELECT message_id, created_at FROM message_search ORDER BY created_at, message_id LIMIT 1";

/** PostgreSQL's word for a statement that took longer than it might (SQLSTATE 57014). */
const isTimeout = (error: unknown): boolean => (error as { code?: unknown } | null)?.code === "57014";

/** Asks within a time. Null when it was not enough. */
async function ask(pool: pg.Pool, timeoutMs: number, statements: readonly string[]): Promise<Hit[][] | null> {
  try {
    const answer: unknown = await pool.query([bounded(timeoutMs), ...statements].join(";"));
    return (answer as pg.QueryResult<Hit>[]).slice(-statements.length).map(({ rows }) => rows);
  } catch (error) {
    if (isTimeout(error)) return null;
    throw error;
  }
}

/** `edge` is the last entry that was looked at; null when there were no more. `oldestMs` is where the past begins. */
export type ScanStep = { hits: Hit[]; edge: Hit | null; oldestMs: number };

export async function runScan(
  pool: pg.Pool,
  wanted: Wanted,
  by: { steps: number; limit: number; timeoutMs: number },
): Promise<ScanStep | null> {
  const statements = [scanSql(wanted, by.steps, by.limit), edgeSql(wanted, by.steps), OLDEST];
  const found = await ask(pool, by.timeoutMs, statements);
  if (found === null) return null;
  const [hits = [], [edge] = [], [oldest] = []] = found;
  return { hits, edge: edge ?? null, oldestMs: oldest?.created_at.getTime() ?? 0 };
}

export async function search(
  pool: pg.Pool,
  wanted: Wanted,
  by: { stretch: TimeWindow; limit: number; timeoutMs: number },
): Promise<Hit[] | null> {
  const found = await ask(pool, by.timeoutMs, [windowSql(wanted, by.stretch, by.limit)]);
  return found?.[0] ?? null;
}
