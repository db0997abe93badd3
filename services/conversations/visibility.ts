import type pg from "pg";
import type { ReadStateDto } from "../../utils/contract/schemas/conversations.ts";
import type { Ctx, Services } from "../context.ts";
import { MENTION_COUNT, UNREAD_COUNT } from "../rooms/unread-counts.ts";
import type { Pair } from "./read.ts";

/** What a user has read and received in a room, and the recipients who may know it. */
export type ReceiptRow = {
  room_id: string;
  user_id: string;
  last_read_seq: number;
  received_seq: number;
  unread_count: number;
  mention_count: number;
  recipients: string[];
};

/** Neither `m` nor `o` has blocked the other. */
const NO_BLOCK = `NOT EXISTS (
  SELECT FROM blocks b WHERE (b.user_id, b.blocked_id) IN ((m.user_id, o.user_id), (o.user_id, m.user_id)))`;

/** The other members of a conversation who may see more of `m` than the name: both are active, and neither has blocked the other. */
const OPEN_TO = `room_members o WHERE o.room_id = m.room_id AND o.user_id <> m.user_id
  AND m.state = 'active' AND o.state = 'active' AND ${NO_BLOCK}`;

const RECEIPTS = `
  SELECT m.room_id, m.user_id, m.last_read_seq, m.received_seq, ${UNREAD_COUNT} AS unread_count, ${MENTION_COUNT} AS mention_count,
    CASE WHEN r.kind = 'language' OR NOT reader.shows_receipts THEN '{}' ELSE ARRAY(
      SELECT o.user_id FROM ${OPEN_TO}
        AND EXISTS (SELECT FROM users recipient WHERE recipient.id = o.user_id AND recipient.shows_receipts)
    ) END AS recipients
  FROM unnest($1::uuid[], $2::uuid[]) AS asked(room_id, user_id)
  JOIN room_members m ON m.room_id = asked.room_id AND m.user_id = asked.user_id
  JOIN rooms r ON r.id = m.room_id JOIN users reader ON reader.id = m.user_id`;

export async function readReceipts(pool: pg.Pool, pairs: readonly Pair[]): Promise<ReceiptRow[]> {
  const values = [pairs.map(({ roomId }) => roomId), pairs.map(({ userId }) => userId)];
  return (await pool.query<ReceiptRow>({ name: "receipts", text: RECEIPTS, values })).rows;
}

/** Returns the read state for the reader's own devices, and the one for others. */
export function presentReadState(row: ReceiptRow): { own: ReadStateDto; others: ReadStateDto } {
  const others = { roomId: row.room_id, userId: row.user_id, seq: row.last_read_seq, receivedSeq: row.received_seq };
  return { own: { ...others, unreadCount: row.unread_count, mentionCount: row.mention_count }, others };
}

const RECIPIENTS = `SELECT o.user_id FROM room_members m, ${OPEN_TO} AND m.room_id = $1 AND m.user_id = $2`;

/**
 * Returns the users who may see that the actor is typing in a conversation: not before they accepted it, and not if either has blocked the
 * other.
 */
export async function typingRecipients({ pool, actor }: Pick<Ctx, "pool" | "actor">, roomId: string): Promise<string[]> {
  const { rows } = await pool.query<{ user_id: string }>({ name: "typing-recipients", text: RECIPIENTS, values: [roomId, actor.id] });
  return rows.map((row) => row.user_id);
}

const PRESENCE_SUBSCRIBERS = `
  SELECT DISTINCT m.user_id AS subject, o.user_id AS subscriber FROM room_members m
  JOIN rooms r ON r.id = m.room_id AND r.kind <> 'language', ${OPEN_TO} AND m.user_id = ANY($1::uuid[])`;

/** Returns for each of several users those who share a conversation with them, and so may see their presence. */
export async function presenceSubscribers(
  { pool }: Pick<Services, "pool">,
  userIds: readonly string[],
): Promise<{ subject: string; subscriber: string }[]> {
  if (userIds.length === 0) return [];
  return (
    await pool.query<{ subject: string; subscriber: string }>({
      name: "presence-subscribers",
      text: PRESENCE_SUBSCRIBERS,
      values: [userIds],
    })
  ).rows;
}
