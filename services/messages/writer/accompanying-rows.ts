import type { Draft, PendingNotification } from "./draft.ts";
import { NOTIFICATION_COLUMNS, notificationInsert } from "./pending-notifications.ts";

/** Rows of another table that belong to a new message: they are stored in its commit, or not at all. */
export type AccompanyingRows<Row> = {
  readonly name: string;
  /** The columns besides `message_id`, the message that a row belongs to. */
  readonly columns: readonly { readonly name: string; readonly type: string; readonly of: (row: Row) => string }[];
  readonly of: (draft: Draft) => readonly Row[];
  /** Returns the INSERT. `rows` has the columns and `message_id`; `messages` has the stored messages' id, room_id and author_id. */
  readonly insert: (from: { readonly rows: string; readonly messages: string }) => string;
};

const notifications: AccompanyingRows<PendingNotification> = {
  name: "notifications",
  columns: NOTIFICATION_COLUMNS,
  of: (draft) => draft.notifications,
  insert: notificationInsert,
};

/** Everything that is stored with a message besides its own row. */
const ACCOMPANYING = [notifications];

export const hasAccompanyingRows = (draft: Draft): boolean => ACCOMPANYING.some(({ of }) => of(draft).length > 0);

/** Returns the common table expressions that insert the rows, and the number of the last parameter they use. */
export function accompanyingInserts(lastParameter: number): { readonly ctes: string; readonly lastParameter: number } {
  let last = lastParameter;
  const next = (type: string): string => {
    last += 1;
    return `$${last}::${type}[]`;
  };
  const ctes = ACCOMPANYING.map(({ name, columns, insert }) => {
    const lists = [next("uuid"), ...columns.map(({ type }) => next(type))];
    const names = ["message_id", ...columns.map((column) => column.name)];
    const rows = `unnest(${lists.join(", ")}) AS a(${names.join(", ")})`;
    return `inserted_${name} AS (${insert({ rows, messages: "with_seq" })})`;
  });
  return { ctes: ctes.join(", "), lastParameter: last };
}

/** Returns the values of the parameters of `accompanyingInserts`. */
export const accompanyingValues = (drafts: readonly Draft[]): string[][] =>
  ACCOMPANYING.flatMap(({ columns, of }) => {
    const rows = drafts.flatMap((draft) => of(draft).map((row) => ({ messageId: draft.id, row })));
    return [rows.map(({ messageId }) => messageId), ...columns.map((column) => rows.map(({ row }) => column.of(row)))];
  });
