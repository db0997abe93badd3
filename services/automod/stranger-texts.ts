import type pg from "pg";
import type { Ctx } from "../context.ts";
import type { RoomRecord } from "../rooms/room-cache.ts";

type Db = pg.Pool | pg.PoolClient;

/** Selects whether the other member of a direct conversation ever wrote in it. */
const ANSWERED = "SELECT FROM messages m WHERE m.room_id = $1 AND m.author_id <> $2 AND m.seq IS NOT NULL LIMIT 1";

/** Once this many others have written in a group, its silent members no longer count as strangers. */
const WRITERS_MAX = 3;

/** The limits of the search for writers: the author's conversations, and the latest messages of each. */
const CONVERSATIONS = 30;
const NEWEST = 300;

/** Selects a group's members except bots, whether they write in a conversation with the author, and how many others write in this group. */
const GROUP = `
  WITH members AS MATERIALIZED (
    SELECT m.user_id, m.invited_by FROM room_members m JOIN users u ON u.id = m.user_id AND u.kind <> 'bot'
    WHERE m.room_id = $1 AND m.user_id <> $2 AND m.state = 'active'
  ), shared AS MATERIALIZED (
    SELECT r.id FROM room_members mine JOIN rooms r ON r.id = mine.room_id AND r.kind <> 'language'
    WHERE mine.user_id = $2 AND mine.state = 'active'
      AND EXISTS (SELECT FROM room_members o JOIN members k ON k.user_id = o.user_id WHERE o.room_id = r.id)
    ORDER BY (r.id = $1) DESC, r.changed_at DESC LIMIT ${CONVERSATIONS}
  ), writers AS MATERIALIZED (
    SELECT DISTINCT s.id AS room_id, x.author_id FROM shared s CROSS JOIN LATERAL (
      SELECT author_id FROM messages WHERE room_id = s.id AND seq IS NOT NULL ORDER BY seq DESC LIMIT ${NEWEST}
    ) x WHERE x.author_id <> $2
  )
  SELECT k.user_id, k.invited_by IS NOT DISTINCT FROM $2 AS is_invited, EXISTS (SELECT FROM writers w WHERE w.author_id = k.user_id) AS writes,
    (SELECT count(*) FROM writers w WHERE w.room_id = $1)::int AS voices
  FROM members k`;

type MemberRow = { user_id: string; is_invited: boolean; writes: boolean; voices: number };

/** Selects who writes in each of these rooms, except the author. */
const WRITERS = `
  SELECT DISTINCT a.room_id, x.author_id FROM unnest($1::uuid[]) AS a(room_id) CROSS JOIN LATERAL (
    SELECT author_id FROM messages WHERE room_id = a.room_id AND seq IS NOT NULL ORDER BY seq DESC LIMIT ${NEWEST}
  ) x WHERE x.author_id <> $2`;

async function strangersInGroup(db: Db, roomId: string, authorId: string): Promise<{ ids: string[]; isAnswered: boolean }> {
  const { rows } = await db.query<MemberRow>({ name: "strangers-group", text: GROUP, values: [roomId, authorId] });
  const voices = rows[0]?.voices ?? 0;
  if (voices >= WRITERS_MAX) return { ids: [], isAnswered: true };
  // Once another member has written, a reply only counts as sent to strangers whom the author invited.
  const strangers = rows.filter(({ writes, is_invited }) => !writes && (is_invited || voices === 0));
  return { ids: strangers.map(({ user_id }) => user_id), isAnswered: false };
}

async function strangersInDirect(db: Db, room: RoomRecord, authorId: string): Promise<{ ids: string[]; isAnswered: boolean }> {
  const { rowCount } = await db.query({ name: "strangers-direct", text: ANSWERED, values: [room.id, authorId] });
  if (rowCount !== 0) return { ids: [], isAnswered: true };
  return { ids: (room.pair ?? []).filter((userId) => userId !== authorId), isAnswered: false };
}

/**
 * Returns the recipients of a message in a conversation who are strangers to the actor. In a direct conversation this is the other member
 * until they have written in it; in a group the active members who have written in no conversation shared with the actor. Once another
 * member has written in the group, only members invited by the actor count, and once several have, none.
 */
export async function strangersIn({ actor, conversations }: Pick<Ctx, "actor" | "conversations">, db: Db, room: RoomRecord) {
  if (conversations.answered.has(room.id, actor.id)) return [];
  const find = room.kind === "direct" ? strangersInDirect(db, room, actor.id) : strangersInGroup(db, room.id, actor.id);
  const { ids, isAnswered } = await find;
  if (isAnswered) conversations.answered.add(room.id, actor.id);
  return ids;
}

/** Returns who recently wrote in these rooms, as `roomId userId`, except the author. */
export async function writersIn(db: Db, roomIds: readonly string[], authorId: string): Promise<Set<string>> {
  if (roomIds.length === 0) return new Set();
  const { rows } = await db.query<{ room_id: string; author_id: string }>(WRITERS, [roomIds, authorId]);
  return new Set(rows.map(({ room_id, author_id }) => `${room_id} ${author_id}`));
}
