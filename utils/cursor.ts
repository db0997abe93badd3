import type { Page } from "./contract/schemas/primitives.ts";
import { AppError } from "./errors.ts";

/** The pattern of an id inside a cursor. */
export const UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
const ID = new RegExp(`^${UUID}$`);
const MOMENT = new RegExp(`^(\\d{1,15})\\.(${UUID})$`);

export const LOWEST_ID = "00000000-0000-0000-0000-000000000000";
export const HIGHEST_ID = "ffffffff-ffff-ffff-ffff-ffffffffffff";

/** A position in a list ordered by time, then by id. `ms` counts from 1970. */
export type TimeCursor = { readonly ms: number; readonly id: string };

/** Rejects a cursor. @throws AppError `invalid_input` */
export function invalidCursor(): never {
  throw new AppError("invalid_input", { errors: [{ path: "cursor", message: "must be a cursor of this list" }] });
}

/** Returns the id of the last item seen, or null for the first page. @throws AppError `invalid_input` for any other text */
export function readCursorId(cursor: string | undefined): string | null {
  if (cursor === undefined) return null;
  if (!ID.test(cursor)) return invalidCursor();
  return cursor;
}

export const writeTimeCursor = ({ ms, id }: TimeCursor): string => `${ms}.${id}`;

/** Parses a cursor written by `writeTimeCursor`. Returns null for the first page. @throws AppError `invalid_input` for any other text */
export function readTimeCursor(cursor: string | undefined): TimeCursor | null {
  if (cursor === undefined) return null;
  const [, ms, id] = MOMENT.exec(cursor) ?? [];
  if (ms === undefined || id === undefined) return invalidCursor();
  return { ms: Number(ms), id };
}

/** The cursor before the newest item, where a list ordered from newest to oldest begins. */
export const END_OF_TIME: TimeCursor = { ms: Date.UTC(9999, 0, 1), id: HIGHEST_ID };

/** How the rows of a list become a page: `positionOf` returns the time and id by which the list is ordered. */
type PageOptions<Row, Item> = {
  readonly limit: number;
  readonly positionOf: (row: Row) => { readonly at: Date; readonly id: string };
  readonly present: (row: Row) => Item;
};

/** Returns a page of a list ordered by time. One row more than `limit` was read, if there are so many. */
export function pageByTime<Row, Item>(rows: readonly Row[], { limit, positionOf, present }: PageOptions<Row, Item>): Page<Item> {
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  const position = last && positionOf(last);
  return {
    items: page.map(present),
    nextCursor: position === undefined ? null : writeTimeCursor({ ms: position.at.getTime(), id: position.id }),
  };
}

/** The position of a row in a list ordered by `created_at`. */
export const byCreation = ({ created_at: at, id }: { readonly created_at: Date; readonly id: string }) => ({ at, id });
