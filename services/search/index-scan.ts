import type pg from "pg";
import { LOWEST_ID } from "../../utils/cursor.ts";
import { MIN_WINDOW_MS, windowBefore } from "./index/time-buckets.ts";
import { type Hit, type IndexQuery, positionBefore, runScan, type ScanPosition, search } from "./statements.ts";

/** Entries of the first index scan: enough for common words, and to estimate how common the others are. */
const FIRST_STEPS = 2_000;

/** If a scan of at most this many further entries will probably be sufficient, it is cheaper than querying the token index. */
const MORE_STEPS = 4_000;

/** If even the shortest time window has too many index hits, fall back to a scan of this many entries. */
const SCAN_STEPS = 20_000;

/** The length of the first time window, in entries; it then grows depending on what is found. */
const FIRST_WINDOW = 65_536;

const GROWTH = { least: 2, most: 16, margin: 1.5 } as const;

/** The time that the next window should take at most, in ms, estimated from the last one. */
const WINDOW_TARGET_MS = 60;

/** The factor by which the window shrinks after a timeout. */
const SHRINK = 64;

/** No single statement may use up the time of the whole search. */
const STATEMENT_MS = 150;

export type Search = {
  readonly pool: pg.Pool;
  readonly keys: IndexQuery["keys"];
  readonly scope: IndexQuery["scope"];
  readonly fromMs: number;
  readonly before: ScanPosition;
  /** How many results are requested. */
  readonly amount: number;
  /** When the search must end, by `performance.now()`. */
  readonly deadline: number;
  /** Ends the search as soon as the client disconnects. */
  readonly signal?: AbortSignal | undefined;
  /** Reads the messages themselves, as many as the time allows and at least one. */
  readonly take: (hits: Hit[]) => Promise<Taken>;
};

/** How many hits were read, from the first one on, and how many of them match the query. */
export type Taken = { readonly read: number; readonly matched: number };

/** How far a search got: `next` is where to continue, null when the oldest entry was reached. */
export type Outcome = { next: ScanPosition | null };

type State = { at: ScanPosition; found: number; oldestMs: number; lengthMs: number };

const positionOf = ({ message_id: id, created_at }: Hit): ScanPosition => ({ ms: created_at.getTime(), id });

const left = ({ deadline }: Search): number => deadline - performance.now();

const timeout = (task: Search): number => Math.min(STATEMENT_MS, left(task));

/**
 * Takes hits. If some could not be read, or the limit was reached, the search continues right after the last one that was read.
 * @returns how many match the query
 */
async function takeHits(
  task: Search,
  state: State,
  { hits, limit, end }: { hits: Hit[]; limit: number; end: ScanPosition },
): Promise<number> {
  const { read, matched } = hits.length === 0 ? { read: 0, matched: 0 } : await task.take(hits);
  const last = hits[read - 1];
  const isAll = read === hits.length && hits.length < limit;
  if (isAll) state.at = end;
  else if (last !== undefined) state.at = positionOf(last);
  state.found += matched;
  return matched;
}

const limitOf = ({ amount }: Search, { found }: State): number => amount - found + 2;

const isOver = (task: Search, { at, oldestMs }: State): boolean => at.ms < Math.max(oldestMs, task.fromMs) || isLowest(task, at, oldestMs);
const isLowest = ({ fromMs }: Search, { ms, id }: ScanPosition, oldestMs: number): boolean =>
  id === LOWEST_ID && ms <= Math.max(oldestMs, fromMs);

/** Continues the index scan at the current position. @returns the share of the entries that were hits; null on a timeout */
async function continueScan(task: Search, state: State, steps: number): Promise<number | null> {
  const { pool, keys, scope, fromMs } = task;
  const began = state.at;
  const limit = limitOf(task, state);
  const scanned = await runScan(pool, { keys, scope, fromMs, before: began }, { steps, limit, timeoutMs: timeout(task) });
  if (scanned === null) return null;
  const { hits, lastScanned, oldestMs } = scanned;
  state.oldestMs = oldestMs;
  const end = lastScanned === null ? positionBefore(Math.max(oldestMs, fromMs)) : positionOf(lastScanned);
  await takeHits(task, state, { hits, limit, end });
  const spanMs = Math.max(1, Math.min(began.ms, Date.now()) - end.ms);
  state.lengthMs = Math.max(MIN_WINDOW_MS, (spanMs * FIRST_WINDOW) / steps);
  return hits.length / steps;
}

/** Returns the length of the next time window, from the results of the last one. */
function nextLength(task: Search, state: State, { spanMs, taken, tookMs }: { spanMs: number; taken: number; tookMs: number }): number {
  const missing = task.amount - state.found;
  const wanted = taken === 0 ? GROWTH.most : (missing / taken) * GROWTH.margin;
  const speedFactor = Math.max(1 / GROWTH.most, WINDOW_TARGET_MS / tookMs);
  return Math.max(MIN_WINDOW_MS, spanMs * Math.min(GROWTH.most, speedFactor, Math.max(GROWTH.least, wanted)));
}

/** Queries the token index for the time window before the current position. */
async function searchOn(task: Search, state: State): Promise<boolean> {
  const { pool, keys, scope, fromMs } = task;
  const window = windowBefore(state.at.ms, state.lengthMs);
  const limit = limitOf(task, state);
  const began = performance.now();
  const hits = await search(pool, { keys, scope, fromMs, before: state.at }, { window, limit, timeoutMs: timeout(task) });
  if (hits === null) return false;
  const tookMs = performance.now() - began;
  const spanMs = Math.max(MIN_WINDOW_MS, state.at.ms - window.fromMs);
  const taken = await takeHits(task, state, { hits, limit, end: positionBefore(window.fromMs) });
  state.lengthMs = nextLength(task, state, { spanMs, taken, tookMs });
  return true;
}

/** Runs one step of the search after the scan has shown how common the matches are. */
async function nextStep(task: Search, state: State): Promise<void> {
  if (await searchOn(task, state)) return;
  if (state.lengthMs <= MIN_WINDOW_MS) await continueScan(task, state, SCAN_STEPS);
  else state.lengthMs = Math.max(MIN_WINDOW_MS, state.lengthMs / SHRINK);
}

/**
 * Finds the newest entries with all the keys. No single plan is safe with ten million messages: the token index is fast for a rare word
 * and takes seconds for a common one, and a scan from the newest entry behaves the other way round. So it first scans a few entries, which
 * is sufficient for a common word; then it queries the token index for time windows, whose length depends on what was found so far.
 */
export async function findEntries(task: Search): Promise<Outcome> {
  const state: State = { at: task.before, found: 0, oldestMs: 0, lengthMs: MIN_WINDOW_MS };
  const isDone = (): boolean => state.found >= task.amount || isOver(task, state) || left(task) <= 0 || task.signal?.aborted === true;
  const share = await continueScan(task, state, FIRST_STEPS);
  const steps = share === null || share === 0 ? Number.POSITIVE_INFINITY : (task.amount - state.found) / share;
  if (!isDone() && steps <= MORE_STEPS) await continueScan(task, state, Math.ceil(steps * GROWTH.margin));
  while (!isDone()) await nextStep(task, state);
  return { next: isOver(task, state) ? null : state.at };
}
