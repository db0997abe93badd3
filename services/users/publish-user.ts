import type { AuthorDto } from "../../utils/contract/schemas/users.ts";
import type { Services } from "../context.ts";

const SESSIONS = "SELECT id FROM sessions WHERE user_id = $1 AND ended_at IS NULL";
const ROOMS = "SELECT room_id FROM room_members WHERE user_id = $1";
const CONVERSATION_MEMBERS = `
  SELECT DISTINCT o.user_id FROM room_members m JOIN rooms r ON r.id = m.room_id AND r.kind <> 'language'
  JOIN room_members o ON o.room_id = m.room_id WHERE m.user_id = $1`;

/**
 * Publishes a user's changed name and profile to their own devices, every room they have been in, and the members of their conversations.
 * Call it after the commit; it also invalidates the user's cached sessions, so that they act under the new name.
 */
export async function publishUser(services: Pick<Services, "pool" | "sessions" | "presence" | "events">, user: AuthorDto): Promise<void> {
  const { pool, sessions, presence, events } = services;
  const own = await pool.query<{ id: string }>(SESSIONS, [user.id]);
  for (const { id } of own.rows) sessions.invalidate(id);
  presence.rename(user);
  const [rooms, members] = await Promise.all([
    pool.query<{ room_id: string }>(ROOMS, [user.id]),
    pool.query<{ user_id: string }>(CONVERSATION_MEMBERS, [user.id]),
  ]);
  events.publish("userChanged", { user, roomIds: rooms.rows.map((row) => row.room_id), userIds: members.rows.map((row) => row.user_id) });
}
