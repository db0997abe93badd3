import { AppError } from "../../utils/errors.ts";
import { authorize } from "../authorize.ts";
import type { Ctx } from "../context.ts";
import { mayEnter } from "./policy.ts";
import type { RoomRecord } from "./room-cache.ts";

/** Members of a group who have not accepted it are not in it yet: they see the invitation, and nothing of the room. */
const isIn = async ({ conversations, actor }: Ctx, roomId: string): Promise<boolean> =>
  (await conversations.recipientsOf(roomId))?.includes(actor.id) === true;

/**
 * The only door to a room: finds it and checks that the actor may be in it.
 * @throws AppError `not_found` when it does not exist or is not to be seen; `room_requires_…` with the next step
 */
export async function roomForMember(ctx: Ctx, roomId: string): Promise<RoomRecord> {
  const room = await ctx.rooms.find(roomId);
  if (room === undefined) throw new AppError("not_found");
  // Only conversations have members of their own; asking for language rooms would cost each message a query.
  authorize(mayEnter(ctx.actor, room, room.lounge === null && (await isIn(ctx, roomId))));
  return room;
}
