import { DAY_MS } from "../../utils/clock.ts";
import type { SearchInput } from "../../utils/contract/schemas/search.ts";
import { HIGHEST_ID, readTimeCursor } from "../../utils/cursor.ts";
import { positionBefore, positionNow, type ScanPosition } from "./statements.ts";

/** The last day of the year 9999, the last year with four digits. */
const LAST_MS = Date.UTC(9999, 11, 31);

const isDay = (when: string): boolean => !when.includes("T");

const msOf = (when: string): number => Math.min(LAST_MS, Math.max(0, Date.parse(when)));

/** Returns the start of the searched time range, in ms since 1970. */
export const fromMs = ({ from }: SearchInput): number => (from === undefined ? 0 : msOf(from));

/**
 * Returns the start position of a search: the end of its previous page, right after `to`, or the latest message.
 * @throws AppError `invalid_input` for a cursor of another list
 */
export function firstPosition({ to, cursor }: SearchInput, now: Date): ScanPosition {
  const last = readTimeCursor(cursor);
  if (last !== null) return { ...last, ms: Math.min(LAST_MS, last.ms) };
  const newest = positionNow(now);
  if (to === undefined) return newest;
  const end = isDay(to) ? positionBefore(msOf(to) + DAY_MS) : { ms: msOf(to), id: HIGHEST_ID };
  return end.ms < newest.ms ? end : newest;
}
