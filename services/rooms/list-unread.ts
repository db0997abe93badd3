import type { RoomLevel, UnreadDto } from "../../utils/contract/schemas/conversations.ts";
import type { Page } from "../../utils/contract/schemas/primitives.ts";
import type { Ctx } from "../context.ts";
import { mayEnter } from "./policy.ts";
import type { RoomRecord } from "./room-cache.ts";
import { MENTION_COUNT, UNREAD_COUNT } from "./unread-counts.ts";

/** The maximum number of rooms. */
const ROOMS = 300;

/** The user's own rooms, then the most recently joined ones. */
const UNREAD = `
  SELECT m.room_id, m.last_read_seq, m.level, m.starred_at IS NOT NULL AS is_starred, m.first_sent_at IS NOT NULL AS has_written,
    ${UNREAD_COUNT} AS unread_count, ${MENTION_COUNT} AS mention_count
  FROM (
    SELECT * FROM room_members WHERE user_id = $1 AND state = 'active'
    ORDER BY starred_at IS NOT NULL OR first_sent_at IS NOT NULL DESC, joined_at DESC LIMIT ${ROOMS}
  ) m`;

export type UnreadRow = {
  room_id: string;
  last_read_seq: number;
  level: RoomLevel;
  is_starred: boolean;
  has_written: boolean;
  unread_count: number;
  mention_count: number;
};

const presentUnread = (room: RoomRecord, row: UnreadRow): UnreadDto => ({
  roomId: room.id,
  kind: room.kind,
  loungeId: room.lounge?.id ?? null,
  languageCode: room.languageCode,
  name: room.name,
  lastReadSeq: row.last_read_seq,
  unreadCount: row.unread_count,
  mentionCount: row.mention_count,
  level: row.level,
  isStarred: row.is_starred,
  hasWritten: row.has_written,
});

/** Lists the unread counts of the actor's conversations and of visited rooms that they may still enter. */
export async function listUnread(ctx: Ctx<"pool" | "rooms">): Promise<Page<UnreadDto>> {
  const { rows } = await ctx.pool.query<UnreadRow>({ name: "unread-list", text: UNREAD, values: [ctx.actor.id] });
  const items = await Promise.all(
    rows.map(async (row) => {
      const room = await ctx.rooms.find(row.room_id);
      return room !== undefined && mayEnter(ctx.actor, room, true).isGranted ? [presentUnread(room, row)] : [];
    }),
  );
  return { items: items.flat(), nextCursor: null };
}
