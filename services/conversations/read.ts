import type pg from "pg";
import type { MemberState, RoomLevel } from "../../utils/contract/schemas/conversations.ts";
import type { PresenceStatus } from "../../utils/contract/schemas/rooms.ts";
import type { AuthorDto } from "../../utils/contract/schemas/users.ts";
import { COLUMNS, JOINED, type MessageRow } from "../messages/present.ts";
import { MENTION_COUNT, UNREAD_COUNT } from "../rooms/unread-counts.ts";
import { IS_RESTRICTION } from "../sanctions/restrictions.ts";
import { IS_RECIPIENT, type WriteAccess } from "./conversation-cache.ts";

/** A conversation and its viewer. */
export type Pair = { readonly roomId: string; readonly userId: string };

/** A conversation with one member's own state in it, and its latest message. */
export type ViewRow = {
  view_room_id: string;
  user_id: string;
  kind: "direct" | "group";
  name: string;
  topic: string | null;
  slow_mode_ms: number;
  last_seq: number;
  owner_id: string | null;
  changed_at: Date;
  state: MemberState;
  level: RoomLevel;
  last_read_seq: number;
  unread_count: number;
  mention_count: number;
  write_access: WriteAccess;
  inviter_id: string | null;
  inviter_name: string | null;
  inviter_avatar: string | null;
  inviter_kind: AuthorDto["kind"] | null;
  inviter_role: AuthorDto["role"] | null;
  shows_receipts: boolean;
  is_muted: boolean;
  muted_until: Date | null;
} & { [Column in keyof MessageRow]: MessageRow[Column] | null };

/** A member of a conversation. Without a `state` they have left it, or declined. */
export type MemberRow = Omit<AuthorDto, "id"> & {
  room_id: string;
  user_id: string;
  state: MemberState | null;
  last_read_seq: number | null;
  received_seq: number | null;
  joined_at: Date | null;
  shows_receipts: boolean;
  status: PresenceStatus;
};

/** Members who have not accepted a group see its members and their inviter, and nothing of its content. */
const VIEWS = `
  SELECT r.id AS view_room_id, m.user_id, r.kind, r.name, r.topic, r.slow_mode_ms, r.owner_id, r.changed_at, m.state, m.level, m.last_read_seq,
    CASE WHEN ${IS_RECIPIENT} THEN r.last_seq ELSE 0 END AS last_seq,
    CASE WHEN ${IS_RECIPIENT} THEN ${UNREAD_COUNT} ELSE 0 END AS unread_count,
    CASE WHEN ${IS_RECIPIENT} THEN ${MENTION_COUNT} ELSE 0 END AS mention_count,
    conversation_write_access(r.id, m.user_id) AS write_access,
    inviter.id AS inviter_id, inviter.display_name AS inviter_name, inviter.avatar_url AS inviter_avatar,
    inviter.kind AS inviter_kind, inviter.role AS inviter_role,
    viewer.shows_receipts, mute.until AS muted_until, mute.is_muted IS TRUE AS is_muted, newest.*
  FROM unnest($1::uuid[], $2::uuid[]) AS asked(room_id, user_id)
  JOIN rooms r ON r.id = asked.room_id AND r.kind <> 'language'
  JOIN room_members m ON m.room_id = r.id AND m.user_id = asked.user_id
  JOIN users viewer ON viewer.id = m.user_id
  LEFT JOIN users inviter ON m.state = 'requested' AND inviter.id = coalesce(m.invited_by, r.owner_id)
  LEFT JOIN LATERAL (
    SELECT a.expires_at AS until, true AS is_muted FROM moderation_actions a
    WHERE a.user_id = m.user_id AND a.kind = 'mute' AND a.scope_kind = 'site' AND ${IS_RESTRICTION}
      AND (a.expires_at IS NULL OR a.expires_at > $3)
    ORDER BY a.expires_at DESC NULLS FIRST LIMIT 1
  ) mute ON true
  LEFT JOIN LATERAL (
    SELECT ${COLUMNS} FROM ${JOINED}
    WHERE m.room_id = r.id AND m.deleted_at IS NULL AND m.moderation = 'approved' AND m.seq IS NOT NULL ORDER BY m.seq DESC LIMIT 1
  ) newest ON ${IS_RECIPIENT}`;

/**
 * Both members of a direct conversation, whatever their state; otherwise the current members. The order of the members of a direct
 * conversation does not change when a member declines.
 */
const MEMBERS = `
  SELECT r.id AS room_id, u.id AS user_id, u.display_name AS "displayName", u.avatar_url AS "avatarUrl", u.kind, u.role,
    CASE WHEN u.is_invisible THEN 'offline' ELSE u.presence_status END AS status,
    u.shows_receipts, m.state, m.last_read_seq, m.received_seq, m.joined_at
  FROM rooms r CROSS JOIN LATERAL (
    SELECT o.user_id FROM room_members o WHERE o.room_id = r.id
    UNION SELECT unnest(string_to_array(r.direct_key, ':'))::uuid
  ) who JOIN users u ON u.id = who.user_id LEFT JOIN room_members m ON m.room_id = r.id AND m.user_id = u.id
  WHERE r.id = ANY($1::uuid[])
  ORDER BY r.id, CASE WHEN r.direct_key IS NULL THEN m.joined_at END NULLS LAST, u.id`;

const BLOCKS = `SELECT user_id, blocked_id FROM blocks WHERE user_id = ANY($1::uuid[]) AND blocked_id = ANY($1::uuid[])`;

/** Conversations from the perspective of several users: rows of the database, with everything that decides what each may see. */
export type Views = { readonly views: ViewRow[]; readonly members: Map<string, MemberRow[]>; readonly isBlocked: IsBlocked };

/** Whether either of two users has blocked the other. */
export type IsBlocked = (one: string, other: string) => boolean;

async function readBlocks(pool: pg.Pool, userIds: readonly string[]): Promise<IsBlocked> {
  const { rows } = await pool.query<{ user_id: string; blocked_id: string }>({ name: "blocks-among", text: BLOCKS, values: [userIds] });
  const pairs = new Set(rows.flatMap(({ user_id, blocked_id }) => [`${user_id} ${blocked_id}`, `${blocked_id} ${user_id}`]));
  return (one, other) => pairs.has(`${one} ${other}`);
}

/** Reads several conversations for several users at once. Non-members get none. */
export async function readViews(pool: pg.Pool, pairs: readonly Pair[], now: Date): Promise<Views> {
  const roomIds = [...new Set(pairs.map(({ roomId }) => roomId))];
  const values = [pairs.map(({ roomId }) => roomId), pairs.map(({ userId }) => userId), now];
  const [views, found] = await Promise.all([
    pool.query<ViewRow>({ name: "conversation-views", text: VIEWS, values }),
    pool.query<MemberRow>({ name: "conversation-people", text: MEMBERS, values: [roomIds] }),
  ]);
  const members = new Map<string, MemberRow[]>(roomIds.map((roomId) => [roomId, []]));
  for (const row of found.rows) members.get(row.room_id)?.push(row);
  const people = new Set([...found.rows.map((row) => row.user_id), ...pairs.map(({ userId }) => userId)]);
  return { views: views.rows, members, isBlocked: await readBlocks(pool, [...people]) };
}
