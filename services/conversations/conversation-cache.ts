import type pg from "pg";
import { createBatchingCache } from "../../utils/async/batching-cache.ts";
import { limits } from "../../utils/contract/limits.ts";

/** A user's membership in a conversation. */
export type Membership = { readonly userId: string; readonly state: "active" | "requested" };

/** A membership as read from the database: what the member may see, and whether they were just invited. */
export type ConversationMember = Membership & {
  /** Whether the member receives the messages: in a group only once they accepted; the message of a direct request is the request. */
  readonly isRecipient: boolean;
  /** When the last member without access to messages was invited, in ms of the database's clock; null unless that was within the last 30 s. */
  readonly invitedAt: number | null;
};

/** Whether a user may write in a room: see the database's function `conversation_write_access`. */
export type WriteAccess = "granted" | "first_message_only" | "denied";

/** Current members of conversations; concurrent calls share one query. */
export type ConversationCache = {
  /** Returns all members of a conversation, or null if the room is not one. The query starts after the call. */
  membersOf(roomId: string): Promise<readonly ConversationMember[] | null>;
  /** Returns the ids of a conversation's recipients, or null if the room is not one. The query starts after the call. */
  recipientsOf(roomId: string): Promise<readonly string[] | null>;
  /** Conversations that were answered, which never changes back. */
  readonly answered: Answered;
  /** Returns whether a user may write in a conversation. The query starts after the call. */
  writeAccessOf(roomId: string, userId: string): Promise<WriteAccess>;
  /**
   * Returns the latest sequence numbers of a user's conversations, at most a quarter second old. Used by heartbeats, which may wait as
   * long.
   */
  headsOf(userId: string): Promise<Record<string, number>>;
};

type MemberRow = {
  room_id: string;
  user_id: string | null;
  state: Membership["state"];
  is_recipient: boolean;
  invited_at: Date | null;
};
type AccessRow = { room_id: string; user_id: string; access: WriteAccess };
type HeadRow = { user_id: string; room_id: string; last_seq: number };

/** Whether `room_members m` receives the messages of `rooms r`, a conversation. */
export const IS_RECIPIENT = "(m.state = 'active' OR r.kind = 'direct')";

const MEMBERS = `
  SELECT r.id AS room_id, m.user_id, m.state, ${IS_RECIPIENT} AS is_recipient,
    CASE WHEN NOT ${IS_RECIPIENT} AND m.joined_at > now() - interval '30 s' THEN m.joined_at END AS invited_at
  FROM rooms r LEFT JOIN room_members m ON m.room_id = r.id
  WHERE r.id = ANY($1::uuid[]) AND r.kind <> 'language'`;

const ACCESS = `
  SELECT a.room_id, a.user_id, conversation_write_access(a.room_id, a.user_id) AS access FROM unnest($1::uuid[], $2::uuid[]) AS a(room_id, user_id)`;

/** The most recently changed conversations: a client with more conversations queries when it opens one. */
const HEADS = `
  SELECT asked.user_id, c.id AS room_id, c.last_seq FROM unnest($1::uuid[]) AS asked(user_id)
  CROSS JOIN LATERAL (
    SELECT r.id, r.last_seq FROM room_members m JOIN rooms r ON r.id = m.room_id
    WHERE m.user_id = asked.user_id AND r.kind <> 'language' AND ${IS_RECIPIENT} ORDER BY r.changed_at DESC LIMIT 200
  ) c`;

async function readMembers(pool: pg.Pool, roomIds: readonly string[]): Promise<Map<string, ConversationMember[]>> {
  const { rows } = await pool.query<MemberRow>({ name: "conversation-members", text: MEMBERS, values: [roomIds] });
  const found = new Map<string, ConversationMember[]>();
  for (const { room_id, user_id: userId, state, is_recipient: isRecipient, invited_at } of rows) {
    const members = found.get(room_id) ?? [];
    if (userId !== null) members.push({ userId, state, isRecipient, invitedAt: invited_at?.getTime() ?? null });
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

const keyOf = (roomId: string, userId: string): string => `${roomId} ${userId}`;

/** Caches for whom a conversation was answered, so that it is queried once. */
export type Answered = { has(roomId: string, authorId: string): boolean; add(roomId: string, authorId: string): void };

const ANSWERED_MAX = 20_000;

function createAnswered(): Answered {
  const known = new Set<string>();
  return {
    has: (roomId, authorId) => known.has(keyOf(roomId, authorId)),
    add(roomId, authorId) {
      if (known.size >= ANSWERED_MAX) known.clear();
      known.add(keyOf(roomId, authorId));
    },
  };
}

async function readAccess(pool: pg.Pool, keys: readonly string[]): Promise<Map<string, WriteAccess>> {
  const pairs = keys.map((key) => key.split(" "));
  const values = [pairs.map(([roomId]) => roomId), pairs.map(([, userId]) => userId)];
  const { rows } = await pool.query<AccessRow>({ name: "conversation-access", text: ACCESS, values });
  return new Map(rows.map(({ room_id, user_id, access }) => [keyOf(room_id, user_id), access]));
}

/** @param reservedPool the connections of heartbeats */
export function createConversationCache(pool: pg.Pool, reservedPool: pg.Pool): ConversationCache {
  const members = createBatchingCache({ load: (roomIds) => readMembers(pool, roomIds), freshMs: 0 });
  const access = createBatchingCache({ load: (keys) => readAccess(pool, keys), freshMs: 0 });
  const heads = createBatchingCache({ load: (userIds) => readHeads(reservedPool, userIds), freshMs: limits.gatherMs });
  return {
    answered: createAnswered(),
    membersOf: async (roomId) => (await members.get(roomId)) ?? null,
    async recipientsOf(roomId) {
      const found = await members.get(roomId);
      return found?.filter(({ isRecipient }) => isRecipient).map(({ userId }) => userId) ?? null;
    },
    writeAccessOf: async (roomId, userId) => (await access.get(keyOf(roomId, userId))) ?? "denied",
    headsOf: async (userId) => (await heads.get(userId, limits.gatherMs)) ?? {},
  };
}
