import { toArrayLiteral } from "../../../prisma/pg-array.ts";
import type { Draft } from "./draft.ts";

/** A column of `messages` that is stored from the draft of a new message. */
type DraftColumn =
  | { readonly name: string; readonly type: "uuid" | "text"; readonly of: (draft: Draft) => string | null }
  | { readonly name: string; readonly type: "uuid[]"; readonly of: (draft: Draft) => readonly string[] };

/** In the order of the parameters. Columns that have their default value in every new message are not listed. */
const DRAFT_COLUMNS: readonly DraftColumn[] = [
  { name: "id", type: "uuid", of: (draft) => draft.id },
  { name: "room_id", type: "uuid", of: (draft) => draft.roomId },
  { name: "author_id", type: "uuid", of: (draft) => draft.author.id },
  { name: "client_message_id", type: "uuid", of: (draft) => draft.clientMessageId },
  { name: "text", type: "text", of: (draft) => draft.text },
  { name: "language_code", type: "text", of: (draft) => draft.languageCode },
  { name: "reply_to_id", type: "uuid", of: (draft) => draft.replyTo?.id ?? null },
  { name: "mentions", type: "uuid[]", of: (draft) => draft.mentions },
];

const listed = (part: (column: DraftColumn, index: number) => string): string => DRAFT_COLUMNS.map(part).join(", ");

/** The number of parameters that `valuesOf` and `listsOf` fill, beginning with `$1`. */
export const DRAFT_PARAMETERS = DRAFT_COLUMNS.length;

/** The names of the columns. */
export const DRAFT_NAMES = listed(({ name }) => name);

/** The parameters of one draft, with their types. */
export const DRAFT_VALUES = listed(({ type }, index) => `$${index + 1}::${type}`);

/** The parameters of several drafts: a list per column. A list of arrays does not exist in PostgreSQL, so arrays are lists of literals. */
export const DRAFT_LISTS = listed(({ type }, index) => `$${index + 1}::${type === "uuid[]" ? "text" : type}[]`);

/** The columns, read from the rows of `DRAFT_LISTS`. */
export const DRAFT_ROW = listed(({ name, type }) => (type === "uuid[]" ? `${name}::${type}` : name));

/** Returns the stored values of one draft, as `DRAFT_VALUES` lists them. */
export const valuesOf = (draft: Draft): unknown[] =>
  DRAFT_COLUMNS.map((column) => (column.type === "uuid[]" ? toArrayLiteral(column.of(draft)) : column.of(draft)));

/** Returns the values of each column, as `DRAFT_LISTS` lists them. */
export const listsOf = (drafts: readonly Draft[]): unknown[] =>
  DRAFT_COLUMNS.map((column) => {
    if (column.type === "uuid[]") return drafts.map((draft) => toArrayLiteral(column.of(draft)));
    const values = drafts.map(column.of);
    return column.type === "uuid" ? toArrayLiteral(values.map((id) => id ?? "NULL")) : values;
  });
