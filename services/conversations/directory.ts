import type pg from "pg";
import { limits } from "../../utils/contract/limits.ts";
import { createGatherer } from "../../utils/gather.ts";

/** Somebody's place in a conversation. */
export type Membership = { readonly userId: string; readonly state: "active" | "requested" };

/** Who is in which conversation, as of now; asked once for all who ask at the same time. */
export type Conversations = {
  /** Everybody in a conversation, or null where the room is none. The reading begins after the question. */
  membersOf(roomId: string): Promise<readonly Membership[] | null>;
  /** The newest numbers of somebody's conversations, as they were at most a quarter second ago. Asked by heartbeats, which can wait as long. */
  headsOf(userId: string): Promise<Record<string, number>>;
};

type MemberRow = { room_id: string; user_id: string | null; state: Membership["state"] };
type HeadRow = { user_id: string; room_id: string; last_seq: number };

const MEMBERS = `
  SELECT r.id AS room_id, m.user_id, m.state FROM rooms r LEFT JOIN room_members m ON m.room_id = r.id
  WHERE r.id = ANY($1::uuid[]) AND r.kind <> 'language'`;

/** The ones that changed last: a client that has more of them asks when it opens one. */
const HEADS = `
  SELECT asked.user_id, c.id AS room_id, c.last_seq FROM unnest($1::uuid[]) AS asked(user_id)
  CROSS JOIN LATERAL (
    SELECT r.id, r.last_seq FROM room_members m JOIN rooms r ON r.id = m.room_id
    WHERE m.user_id = asked.user_id AND r.kind <> 'language' ORDER BY r.changed_at DESC LIMIT 200
  ) c`;

async function readMembers(pool: pg.Pool, roomIds: readonly string[]): Promise<Map<string, Membership[]>> {
  const { rows } = await pool.query<MemberRow>({ name: "conversation-members", text: MEMBERS, values: [roomIds] });
  const found = new Map<string, Membership[]>();
  for (const { room_id, user_id: userId, state } of rows) {
    const members = found.get(room_id) ?? [];
    if (userId !== null) members.push({ userId, state });
    found.set(room_id, members);
  }
  return found;
}

async function readHeads(pool: pg.Pool, userIds: readonly string[]): Promise<Map<string, Record<string, number>>> {
  const { rows } = await pool.query<HeadRow>({ name: "conversation-heads", text: HEADS, values: [userIds] });
  const found = new Map<string, Record<string, number>>();
  for (const { user_id, room_id, last_seq } of rows) found.set(user_id, { ...found.get(user_id), [room_id]: last_seq });
  return found;
}

export function createConversations(pool: pg.Pool): Conversations {
  const members = createGatherer({ load: (roomIds) => readMembers(pool, roomIds), freshMs: 0 });
  const heads = createGatherer({ load: (userIds) => readHeads(pool, userIds), freshMs: limits.gatherMs });
  return {
    membersOf: async (roomId) => (await members.get(roomId)) ?? null,
    headsOf: async (userId) => (await heads.get(userId, limits.gatherMs)) ?? {},
  };
}
