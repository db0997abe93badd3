import type pg from "pg";
import { newId } from "../../../utils/ids.ts";
import type { RoomRecord } from "../../rooms/room-cache.ts";
import { readersAmong } from "../text/mentions.ts";
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
  const readers = await readersAmong(db, room.id, others);
  return readers.map((userId) => ({ id: newId(), userId, kind: mentions.includes(userId) ? "mention" : "reply" }));
}

const NOTIFY = `
  INSERT INTO notifications (id, user_id, kind, actor_id, room_id, message_id)
  SELECT n.id, n.user_id, n.kind::notification_kind, m.author_id, m.room_id, m.id
  FROM unnest($2::uuid[], $3::uuid[], $4::text[]) AS n(id, user_id, kind) JOIN messages m ON m.id = $1
  WHERE NOT EXISTS (SELECT FROM blocks b WHERE b.user_id = n.user_id AND b.blocked_id = m.author_id)
  ON CONFLICT (user_id, message_id) DO NOTHING RETURNING id`;

/**
 * Inserts the notifications of an existing message, except for recipients who have blocked the author. @returns the ids of the inserted
 * ones
 */
export async function insertNotifications(
  tx: pg.PoolClient,
  messageId: string,
  notices: readonly PendingNotification[],
): Promise<string[]> {
  if (notices.length === 0) return [];
  const columns = [notices.map(({ id }) => id), notices.map(({ userId }) => userId), notices.map(({ kind }) => kind)];
  return (await tx.query<{ id: string }>(NOTIFY, [messageId, ...columns])).rows.map(({ id }) => id);
}
