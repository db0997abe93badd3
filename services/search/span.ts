import type { SearchInput } from "../../utils/contract/search.ts";
import { HIGHEST_ID, type Place, placeBefore, placeNow } from "./statements.ts";

const DAY_MS = 86_400_000;

/** The last moment of the year 9999, the last one that is written in four digits. */
const LAST_MS = Date.UTC(9999, 11, 31);

const isDay = (when: string): boolean => !when.includes("T");

const msOf = (when: string): number => Math.min(LAST_MS, Math.max(0, Date.parse(when)));

/** When the part of the past begins that is searched. */
export const fromMs = ({ from }: SearchInput): number => (from === undefined ? 0 : msOf(from));

/** Where a search begins: at the newest, or right after `to`. */
export function firstPlace({ to }: SearchInput, now: Date): Place {
  if (to === undefined) return placeNow(now);
  return isDay(to) ? placeBefore(msOf(to) + DAY_MS) : { ms: msOf(to), id: HIGHEST_ID };
}

/** A cursor is a place: the moment in milliseconds and the id of the last message shown. */
export const writeCursor = ({ ms, id }: Place): string => `${ms}.${id}`;

export function readCursor(cursor: string): Place {
  const [ms = "", id = ""] = cursor.split(".");
  return { ms: Math.min(LAST_MS, Number(ms)), id };
}
