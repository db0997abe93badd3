import { accessLevels } from "../../utils/contract/schemas/lounges.ts";
import type { ListUnreadRoomsInput, UnreadRoomDto } from "../../utils/contract/schemas/own-rooms.ts";
import { DEFAULT_PAGE, type Page } from "../../utils/contract/schemas/primitives.ts";
import type { AuthorDto } from "../../utils/contract/schemas/users.ts";
import { EXCERPT_CODE_POINTS, excerptOf } from "../../utils/contract/text/excerpt.ts";
import type { Ctx } from "../context.ts";
import { authorJson } from "../json-sql.ts";
import { type Names, namesOf, withNames } from "../messages/text/named-text.ts";
import type { UnreadRow } from "../rooms/list-unread.ts";
import { mayEnterLounge } from "../rooms/policy.ts";
import { MENTION_COUNT, UNREAD_COUNT } from "../rooms/unread-counts.ts";

/** How many of the latest messages are searched for one that the user may see, which limits the cost of many deleted ones. */
const NEWEST = 1_000;

/** The maximum number of memberships: conversations and own rooms first, then the most recently joined rooms. */
const MEMBERSHIPS = 300;

/**
 * The memberships of $1 with unread messages, in lounges with the access levels $2. Rooms that are not the user's own are listed when a
 * message in them mentions the user. A room whose level is `mentions` is listed for mentions only, a muted one never. Messages that are
 * deleted, in review, the user's own, or by blocked users are never the latest one.
 */
const LIST = `
  SELECT m.room_id, m.last_read_seq, m.level, m.is_starred, m.has_written, m.unread_count, m.mention_count, m.kind, m.name, m.language_code,
    CASE WHEN l.id IS NOT NULL THEN json_build_object('id', l.id, 'slug', l.slug, 'name', l.name, 'iconColor', l.icon_color) END AS lounge,
    CASE WHEN peer.id IS NOT NULL THEN ${authorJson("peer")} END AS peer,
    newest.id, newest.seq, newest.text, newest.created_at, ${authorJson("author")} AS author,
    ${namesOf("newest.mentions")} AS names
  FROM (
    SELECT m.*, ${UNREAD_COUNT} AS unread_count, ${MENTION_COUNT} AS mention_count
    FROM (
      SELECT m.room_id, m.user_id, m.last_read_seq, m.level, m.starred_at IS NOT NULL AS is_starred, m.first_sent_at IS NOT NULL AS has_written,
        r.kind, r.name, r.language_code, r.lounge_id, r.direct_key
      FROM room_members m JOIN rooms r ON r.id = m.room_id
      WHERE m.user_id = $1 AND m.state = 'active' AND m.level <> 'mute' AND r.last_seq > m.last_read_seq
      ORDER BY r.lounge_id IS NULL OR m.starred_at IS NOT NULL OR m.first_sent_at IS NOT NULL DESC, m.joined_at DESC LIMIT ${MEMBERSHIPS}
    ) m
  ) m
  LEFT JOIN lounges l ON l.id = m.lounge_id
  LEFT JOIN users peer ON m.kind = 'direct' AND peer.id = replace(replace(m.direct_key, m.user_id::text, ''), ':', '')::uuid
  CROSS JOIN LATERAL (
    SELECT x.id, x.seq, left(x.text, ${EXCERPT_CODE_POINTS}) AS text, x.mentions, x.created_at, x.author_id
    FROM (SELECT * FROM messages a WHERE a.room_id = m.room_id AND a.seq > m.last_read_seq ORDER BY a.seq DESC LIMIT ${NEWEST}) x
    WHERE x.author_id <> m.user_id AND x.deleted_at IS NULL AND x.moderation = 'approved'
      AND NOT EXISTS (SELECT FROM blocks b WHERE b.user_id = m.user_id AND b.blocked_id = x.author_id)
    ORDER BY x.seq DESC LIMIT 1
  ) newest
  JOIN users author ON author.id = newest.author_id
  WHERE (m.lounge_id IS NULL OR (l.is_active AND l.access_level = ANY($2::access_level[])))
    AND (m.mention_count > 0 OR (m.level = 'all' AND m.unread_count > 0 AND (m.lounge_id IS NULL OR m.is_starred OR m.has_written)))
  ORDER BY m.mention_count > 0 DESC, newest.created_at DESC, m.room_id LIMIT $3`;

type Row = UnreadRow & {
  kind: UnreadRoomDto["kind"];
  name: string;
  language_code: string | null;
  lounge: UnreadRoomDto["lounge"];
  peer: AuthorDto | null;
  id: string;
  seq: number;
  text: string;
  created_at: Date;
  author: AuthorDto;
  names: Names;
};

/** Returns the beginning of a message, with names instead of mentioned ids. */
const namedExcerpt = ({ text, names }: Row): string => excerptOf(withNames(text, names, (written) => written));

const presentUnreadRoom = (row: Row): UnreadRoomDto => ({
  roomId: row.room_id,
  kind: row.kind,
  loungeId: row.lounge?.id ?? null,
  languageCode: row.language_code,
  name: row.name,
  lastReadSeq: row.last_read_seq,
  unreadCount: row.unread_count,
  mentionCount: row.mention_count,
  level: row.level,
  isStarred: row.is_starred,
  hasWritten: row.has_written,
  lounge: row.lounge,
  peer: row.peer,
  lastMessage: { id: row.id, seq: row.seq, author: row.author, excerpt: namedExcerpt(row), createdAt: row.created_at.toISOString() },
});

/** Lists the actor's own rooms and conversations with unread messages: mentions first, then by latest message. One statement. */
export async function listUnreadRooms(ctx: Ctx<"pool">, { limit = DEFAULT_PAGE }: ListUnreadRoomsInput): Promise<Page<UnreadRoomDto>> {
  const levels = accessLevels.filter((accessLevel) => mayEnterLounge(ctx.actor, { accessLevel }).isGranted);
  const { rows } = await ctx.pool.query<Row>({ name: "unread-rooms-list", text: LIST, values: [ctx.actor.id, levels, limit] });
  return { items: rows.map(presentUnreadRoom), nextCursor: null };
}
