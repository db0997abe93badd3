import type { RoomParams } from "../../utils/contract/schemas/rooms.ts";
import { AppError } from "../../utils/errors.ts";
import type { Ctx } from "../context.ts";
import { roomForMember } from "./access.ts";

/** In a language room that the user has never joined, only later messages count as unread. */
const STAR_LANGUAGE_ROOM = `
  INSERT INTO room_members (room_id, user_id, last_read_seq, starred_at)
  SELECT r.id, u.id, r.last_seq, $3 FROM rooms r, users u
  WHERE r.id = $1 AND r.kind = 'language' AND u.id = $2 AND u.erased_at IS NULL
  ON CONFLICT (room_id, user_id) DO UPDATE SET starred_at = coalesce(room_members.starred_at, excluded.starred_at)`;

/** A membership in a conversation grants access: a star never creates one. */
const STAR_CONVERSATION = `
  UPDATE room_members SET starred_at = coalesce(starred_at, $3) WHERE room_id = $1 AND user_id = $2`;

const UNSTAR = "UPDATE room_members SET starred_at = NULL WHERE room_id = $1 AND user_id = $2 AND starred_at IS NOT NULL";

/**
 * Stars a room for the actor and publishes it to all their devices. Starring a room twice changes nothing.
 * @throws AppError `not_found`, `room_requires_…`
 */
export async function starRoom(ctx: Ctx<"pool" | "now" | "rooms" | "conversations" | "publish">, { roomId }: RoomParams): Promise<void> {
  const room = await roomForMember(ctx, roomId);
  const text = room.kind === "language" ? STAR_LANGUAGE_ROOM : STAR_CONVERSATION;
  const { rowCount } = await ctx.pool.query(text, [roomId, ctx.actor.id, ctx.now()]);
  if (rowCount === 0) throw new AppError("not_found");
  ctx.publish.starChanged(ctx.actor.id, { roomId, isStarred: true });
}

/** Removes the actor's star, if there is one; also in a room that they may no longer enter. */
export async function unstarRoom(ctx: Ctx<"pool" | "publish">, { roomId }: RoomParams): Promise<void> {
  const { rowCount } = await ctx.pool.query(UNSTAR, [roomId, ctx.actor.id]);
  if (rowCount !== 0) ctx.publish.starChanged(ctx.actor.id, { roomId, isStarred: false });
}
