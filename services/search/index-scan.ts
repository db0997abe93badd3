import type pg from "pg";
import { LOWEST_ID } from "../../utils/cursor.ts";
import { MIN_WINDOW_MS, windowBefore } from "./index/time-buckets.ts";
import { type Hit, positionBefore, runScan, type ScanPosition, search, type Wanted } from "./statements.ts";

/** Entries that are looked at one by one at first: enough for common words, and to learn how common the others are. */
const FIRST_STEPS = 2_000;

/** Where so many more steps will probably do, walking on is cheaper than asking the index. */
const MORE_STEPS = 4_000;

/** Where even the shortest stretch holds too much for the index, the way on is on foot. */
const SCAN_STEPS = 20_000;

/** What the index is first asked for, in entries; from there it grows with what is found. */
const FIRST_WINDOW = 65_536;

const GROWTH = { least: 2, most: 16, margin: 1.5 } as const;

/** A stretch grows no further than to take about so long, going by the last one. */
const PACE_MS = 60;

/** After a stretch that took too long, one so much shorter is tried. */
const SHRINK = 64;

/** No single statement may use up the time of the whole search. */
const STATEMENT_MS = 150;

export type Search = {
  readonly pool: pg.Pool;
  readonly keys: Wanted["keys"];
  readonly scope: Wanted["scope"];
  readonly fromMs: number;
  readonly before: ScanPosition;
  /** How many are wanted. */
  readonly amount: number;
  /** When the search has to be over, by `performance.now()`. */
  readonly deadline: number;
  /** Ends the search as soon as nobody waits for it. */
  readonly signal?: AbortSignal | undefined;
  /** Reads the messages themselves, as many as the time allows and at least one. */
  readonly take: (hits: Hit[]) => Promise<Taken>;
};

/** How many of some hits were read, from the first one on, and how many of them are what was searched for. */
export type Taken = { readonly read: number; readonly matched: number };

/** How far a search came: `next` is where to go on, null at the end of the past. */
export type Outcome = { next: ScanPosition | null };

type State = { at: ScanPosition; found: number; oldestMs: number; lengthMs: number };

const positionOf = ({ message_id: id, created_at }: Hit): ScanPosition => ({ ms: created_at.getTime(), id });

const left = ({ deadline }: Search): number => deadline - performance.now();

const timeout = (task: Search): number => Math.min(STATEMENT_MS, left(task));

/**
 * Takes hits. When not all of them could be read, or there were as many as asked for, the search goes on right behind the last one read.
 * @returns how many are what was searched for
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

/** Walks on from where the search is. @returns the share of the entries that were hits; null when the time was not enough */
async function continueScan(task: Search, state: State, steps: number): Promise<number | null> {
  const { pool, keys, scope, fromMs } = task;
  const [began, limit] = [state.at, limitOf(task, state)];
  const walked = await runScan(pool, { keys, scope, fromMs, before: began }, { steps, limit, timeoutMs: timeout(task) });
  if (walked === null) return null;
  const { hits, edge, oldestMs } = walked;
  state.oldestMs = oldestMs;
  const end = edge === null ? positionBefore(Math.max(oldestMs, fromMs)) : positionOf(edge);
  await takeHits(task, state, { hits, limit, end });
  const spanMs = Math.max(1, Math.min(began.ms, Date.now()) - end.ms);
  state.lengthMs = Math.max(MIN_WINDOW_MS, (spanMs * FIRST_WINDOW) / steps);
  return hits.length / steps;
}

/** How long the next stretch should be, after one of which so much was found. */
function nextLength(task: Search, state: State, { spanMs, taken, tookMs }: { spanMs: number; taken: number; tookMs: number }): number {
  const missing = task.amount - state.found;
  const wanted = taken === 0 ? GROWTH.most : (missing / taken) * GROWTH.margin;
  const pace = Math.max(1 / GROWTH.most, PACE_MS / tookMs);
  return Math.max(MIN_WINDOW_MS, spanMs * Math.min(GROWTH.most, pace, Math.max(GROWTH.least, wanted)));
}

/** Asks the index for the stretch before where the search is. */
async function searchOn(task: Search, state: State): Promise<boolean> {
  const { pool, keys, scope, fromMs } = task;
  const stretch = windowBefore(state.at.ms, state.lengthMs);
  const limit = limitOf(task, state);
  const began = performance.now();
  const hits = await search(pool, { keys, scope, fromMs, before: state.at }, { stretch, limit, timeoutMs: timeout(task) });
  if (hits === null) return false;
  const tookMs = performance.now() - began;
  const spanMs = Math.max(MIN_WINDOW_MS, state.at.ms - stretch.fromMs);
  const taken = await takeHits(task, state, { hits, limit, end: positionBefore(stretch.fromMs) });
  state.lengthMs = nextLength(task, state, { spanMs, taken, tookMs });
  return true;
}

/** One step of the search when walking has shown how common the wanted is. */
async function goOn(task: Search, state: State): Promise<void> {
  if (await searchOn(task, state)) return;
  if (state.lengthMs <= MIN_WINDOW_MS) await continueScan(task, state, SCAN_STEPS);
  else state.lengthMs = Math.max(MIN_WINDOW_MS, state.lengthMs / SHRINK);
}

/**
 * Finds the newest entries with all the keys. No single plan is safe at ten million messages: the index of tokens answers for a rare
 * word at once and takes seconds for a common one, walking from the newest the other way round. So it walks a little, which is all a
 * common word needs; then it asks the index for stretches of the past, as long as what was found so far allows.
 */
export async function findEntries(task: Search): Promise<Outcome> {
  const state: State = { at: task.before, found: 0, oldestMs: 0, lengthMs: MIN_WINDOW_MS };
  const isDone = (): boolean => state.found >= task.amount || isOver(task, state) || left(task) <= 0 || task.signal?.aborted === true;
  const share = await continueScan(task, state, FIRST_STEPS);
  const steps = share === null || share === 0 ? Number.POSITIVE_INFINITY : (task.amount - state.found) / share;
  if (!isDone() && steps <= MORE_STEPS) await continueScan(task, state, Math.ceil(steps * GROWTH.margin));
  while (!isDone()) await goOn(task, state);
  return { next: isOver(task, state) ? null : state.at };
}
