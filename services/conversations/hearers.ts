import type { Ctx, Services } from "../context.ts";
import { OPEN_TO } from "./visibility.ts";

const RECIPIENTS = `SELECT o.user_id FROM room_members m, ${OPEN_TO} AND m.room_id = $1 AND m.user_id = $2`;

/**
 * Returns the users who may see that the actor is typing in a conversation: not before they accepted it, and not if either has blocked the
 * other.
 */
export async function typingRecipients({ pool, actor }: Pick<Ctx, "pool" | "actor">, roomId: string): Promise<string[]> {
  const { rows } = await pool.query<{ user_id: string }>({ name: "typing-hearers", text: RECIPIENTS, values: [roomId, actor.id] });
  return rows.map((row) => row.user_id);
}

const KNOWING = `
  SELECT DISTINCT m.user_id AS seen, o.user_id AS hearer FROM room_members m
  JOIN rooms r ON r.id = m.room_id AND r.kind <> 'language', ${OPEN_TO} AND m.user_id = ANY($1::uuid[])`;

/** Returns for each of several users those who share a conversation with them, and so may see their presence. */
export async function presenceSubscribers(
  { pool }: Pick<Services, "pool">,
  userIds: readonly string[],
): Promise<{ seen: string; hearer: string }[]> {
  if (userIds.length === 0) return [];
  return (await pool.query<{ seen: string; hearer: string }>({ name: "presence-hearers", text: KNOWING, values: [userIds] })).rows;
}
