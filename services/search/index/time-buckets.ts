import type { Token } from "./index-tokens.ts";

/**
 * Time as tokens: every message bears the numbers of the stretches of time it lies in, from a minute to years, each eight times the
 * one before. With them the index answers for a part of the past alone, and a common word costs no more than that part.
 */
const SHORTEST_MS = 64_000;
const FACTOR = 8;
const LEVELS = 8;

/** A search asks for a few neighbours at once; eight of a level are one of the next. */
const NEIGHBOURS = FACTOR + 1;

const lengthOf = (level: number): number => SHORTEST_MS * FACTOR ** level;

/** Below zero, where no word lies; 2^26 stretches of a minute last until the year 2105. */
const tokenOf = (level: number, block: number): Token => -(1 + level * 2 ** 26 + block);

const blockAt = (ms: number, level: number): number => Math.floor(Math.max(0, ms) / lengthOf(level));

/** The stretches that a moment lies in. */
export const blockTokens = (ms: number): Token[] => Array.from({ length: LEVELS }, (_, level) => tokenOf(level, blockAt(ms, level)));

/** A part of the past, from `fromMs` on, and the tokens of which one is on each of its messages. */
export type TimeWindow = { readonly fromMs: number; readonly tokens: Token[] };

/** The stretch before a moment that is about so long; at least the shortest block. */
export function windowBefore(ms: number, wantedMs: number): TimeWindow {
  const fits = (level: number): boolean => wantedMs <= lengthOf(level) * FACTOR;
  const level = Array.from({ length: LEVELS }, (_, n) => n).find(fits) ?? LEVELS - 1;
  const last = blockAt(ms, level);
  const first = Math.max(0, Math.min(last, blockAt(ms - wantedMs, level)), last - NEIGHBOURS);
  return { fromMs: first * lengthOf(level), tokens: Array.from({ length: last - first + 1 }, (_, n) => tokenOf(level, first + n)) };
}

export const MIN_WINDOW_MS = SHORTEST_MS;
