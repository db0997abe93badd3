import type pg from "pg";
import { newId } from "../../../utils/ids.ts";
import type { RoomRecord } from "../../rooms/room-cache.ts";
import { filterReaders } from "../text/mentions.ts";
import type { PendingNotification } from "./draft.ts";

/** The fields of a message that determine its notifications. */
type NotifiedMessage = { readonly authorId: string; readonly mentions: readonly string[]; readonly answeredId: string | null };

/**
 * Returns the notifications of a message: for mentioned users, and for the author of the parent message. In a direct conversation every
 * message is delivered to both anyway.
 */
export async function notificationsOf(
  db: pg.Pool | pg.PoolClient,
  room: RoomRecord,
  { authorId, mentions, answeredId }: NotifiedMessage,
): Promise<PendingNotification[]> {
  if (room.kind === "direct") return [];
  const named = answeredId === null ? mentions : [...mentions, answeredId];
  const others = [...new Set(named)].filter((userId) => userId !== authorId);
  const recipients = await filterReaders(db, room.id, others);
  return recipients.map((userId) => ({ id: newId(), userId, kind: mentions.includes(userId) ? "mention" : "reply" }));
}

/** The columns of a pending notification, with the types of their parameters. */
export const NOTIFICATION_COLUMNS = [
  { name: "id", type: "uuid", of: ({ id }: PendingNotification) => id },
  { name: "user_id", type: "uuid", of: ({ userId }: PendingNotification) => userId },
  { name: "kind", type: "text", of: ({ kind }: PendingNotification) => kind },
] as const;

/**
 * Returns the INSERT of notifications about messages, except for recipients who have blocked the author. `rows` is aliased `a` and has id,
 * user_id, kind and message_id; `messages` is the relation of the messages, with id, room_id and author_id.
 */
export const notificationInsert = ({ rows, messages }: { readonly rows: string; readonly messages: string }): string => `
  INSERT INTO notifications (id, user_id, kind, actor_id, room_id, message_id)
  SELECT a.id, a.user_id, a.kind::notification_kind, m.author_id, m.room_id, m.id
  FROM ${rows} JOIN ${messages} m ON m.id = a.message_id
  WHERE NOT EXISTS (SELECT FROM blocks b WHERE b.user_id = a.user_id AND b.blocked_id = m.author_id)`;

const LISTS = NOTIFICATION_COLUMNS.map(({ type }, index) => `$${index + 2}::${type}[]`).join(", ");
const NAMES = NOTIFICATION_COLUMNS.map(({ name }) => name).join(", ");

const NOTIFY = `${notificationInsert({
  rows: `(SELECT $1::uuid AS message_id, n.* FROM unnest(${LISTS}) AS n(${NAMES})) a`,
  messages: "messages",
})} ON CONFLICT (user_id, message_id) DO NOTHING RETURNING id`;

/**
 * Inserts the notifications of an existing message, except for recipients who have blocked the author. @returns the ids of the inserted
 * ones
 */
export async function insertNotifications(
  tx: pg.PoolClient,
  messageId: string,
  pending: readonly PendingNotification[],
): Promise<string[]> {
  if (pending.length === 0) return [];
  const lists = NOTIFICATION_COLUMNS.map((column) => pending.map(column.of));
  return (await tx.query<{ id: string }>(NOTIFY, [messageId, ...lists])).rows.map(({ id }) => id);
}
