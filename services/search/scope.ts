import type pg from "pg";
import type { Ctx } from "../context.ts";
import { mayEnter, mayEnterLounge } from "../rooms/policy.ts";
import { conversationToken, loungeToken, roomToken } from "./index/index-tokens.ts";
import type { Key } from "./query-terms.ts";

/** The rooms that a user may read: as a key for the index, and as the final check of each room. */
export type Scope = {
  /** Tokens of which every readable message has one; empty when the user may read none. */
  readonly key: Key;
  mayRead(roomId: string): Promise<boolean>;
};

/** Up to this many conversations are queried individually: with more, hits in other conversations are filtered afterwards. */
const CONVERSATIONS_MAX = 200;

const LOUNGES = "SELECT id, access_level FROM lounges WHERE is_active";

const CONVERSATIONS = `
  SELECT m.room_id FROM room_members m JOIN rooms r ON r.id = m.room_id WHERE m.user_id = $1 AND r.lounge_id IS NULL AND (m.state = 'active' OR r.kind = 'direct')`;

type LoungeRow = { id: string; access_level: Parameters<typeof mayEnterLounge>[1]["accessLevel"] };

async function loungesOf({ actor, pool }: Ctx<"pool">): Promise<string[]> {
  const { rows } = await pool.query<LoungeRow>({ name: "search-lounges", text: LOUNGES });
  return rows.filter(({ access_level: accessLevel }) => mayEnterLounge(actor, { accessLevel }).isGranted).map(({ id }) => id);
}

async function conversationsOf(pool: pg.Pool, userId: string): Promise<Set<string>> {
  const { rows } = await pool.query<{ room_id: string }>({ name: "search-conversations", text: CONVERSATIONS, values: [userId] });
  return new Set(rows.map((row) => row.room_id));
}

const conversationKey = (ids: ReadonlySet<string>): Key => (ids.size > CONVERSATIONS_MAX ? [conversationToken] : [...ids].map(roomToken));

/** Returns the scope of all rooms that the actor may currently read. */
export async function scopeOf(ctx: Ctx<"pool" | "rooms">): Promise<Scope> {
  const [lounges, conversations] = await Promise.all([loungesOf(ctx), conversationsOf(ctx.pool, ctx.actor.id)]);
  return {
    key: [...lounges.map(loungeToken), ...conversationKey(conversations)],
    async mayRead(roomId) {
      const room = await ctx.rooms.find(roomId);
      return room !== undefined && mayEnter(ctx.actor, room, conversations.has(roomId)).isGranted;
    },
  };
}

/** Returns the scope of one room, for which the access of the actor was checked. */
export const scopeOfRoom = (roomId: string): Scope => ({ key: [roomToken(roomId)], mayRead: async (id) => id === roomId });
