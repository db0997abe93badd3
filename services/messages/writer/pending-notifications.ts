import type pg from "pg";
import { newId } from "../../../utils/ids.ts";
import type { RoomRecord } from "../../rooms/room-cache.ts";
import { readersAmong } from "../text/mentions.ts";
import type { PendingNotification } from "./draft.ts";

/** What decides who hears of a message by name. */
type NotifiedMessage = { readonly authorId: string; readonly mentions: readonly string[]; readonly answeredId: string | null };

/** Who hears of a message by name: whom it names, and whom it answers. Of a conversation of two each hears everything anyway. */
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

/** Makes the notifications of a message that is there already, but not of somebody blocked. @returns those that were made */
export async function insertNotifications(
  tx: pg.PoolClient,
  messageId: string,
  notices: readonly PendingNotification[],
): Promise<string[]> {
  if (notices.length === 0) return [];
  const columns = [notices.map(({ id }) => id), notices.map(({ userId }) => userId), notices.map(({ kind }) => kind)];
  return (await tx.query<{ id: string }>(NOTIFY, [messageId, ...columns])).rows.map(({ id }) => id);
}
