import type { Token } from "./index-tokens.ts";

/**
 * Time as tokens: every message has the tokens of the time blocks that contain it, from a minute to years, each eight times as long as the
 * previous one. With them the token index can be queried for one time range, and the cost of a common word is limited to that range.
 */
const SHORTEST_MS = 64_000;
const FACTOR = 8;
const LEVELS = 8;

/** A search queries a few adjacent blocks at once; eight blocks of a level are one of the next. */
const ADJACENT_BLOCKS = FACTOR + 1;

const lengthOf = (level: number): number => SHORTEST_MS * FACTOR ** level;

/** Returns the token of a block: negative numbers, which words never have; 2^26 blocks of a minute last until the year 2105. */
const tokenOf = (level: number, block: number): Token => -(1 + level * 2 ** 26 + block);

const blockAt = (ms: number, level: number): number => Math.floor(Math.max(0, ms) / lengthOf(level));

/** Returns the tokens of the blocks that contain a moment. */
export const blockTokens = (ms: number): Token[] => Array.from({ length: LEVELS }, (_, level) => tokenOf(level, blockAt(ms, level)));

/** A time window that starts at `fromMs`, and the tokens of which each of its messages has one. */
export type TimeWindow = { readonly fromMs: number; readonly tokens: Token[] };

/** Returns the time window before a moment with approximately this length; at least the shortest block. */
export function windowBefore(ms: number, targetMs: number): TimeWindow {
  const isLongEnough = (level: number): boolean => targetMs <= lengthOf(level) * FACTOR;
  const level = Array.from({ length: LEVELS }, (_, n) => n).find(isLongEnough) ?? LEVELS - 1;
  const last = blockAt(ms, level);
  const first = Math.max(0, Math.min(last, blockAt(ms - targetMs, level)), last - ADJACENT_BLOCKS);
  return { fromMs: first * lengthOf(level), tokens: Array.from({ length: last - first + 1 }, (_, n) => tokenOf(level, first + n)) };
}

export const MIN_WINDOW_MS = SHORTEST_MS;
