import { AppError } from "../../utils/errors.ts";
import { authorize } from "../authorize.ts";
import type { Ctx } from "../context.ts";
import { mayEnter } from "./policy.ts";
import type { RoomRecord } from "./room-cache.ts";

/** Whether the actor is in a conversation. Users who have not accepted a group only see the invitation, and nothing of the room. */
const isIn = async ({ conversations, actor }: Ctx<"conversations">, roomId: string): Promise<boolean> =>
  (await conversations.recipientsOf(roomId))?.includes(actor.id) === true;

/**
 * Finds a room and checks that the actor may enter it. All access to rooms goes through this function.
 * @throws AppError `not_found` when it does not exist or is hidden; `room_requires_…` with the next step
 */
export async function roomForMember(ctx: Ctx<"rooms" | "conversations">, roomId: string): Promise<RoomRecord> {
  const room = await ctx.rooms.find(roomId);
  if (room === undefined) throw new AppError("not_found");
  // Only conversations have explicit members; the query would cost too much for each message of a language room.
  authorize(mayEnter(ctx.actor, room, room.lounge === null && (await isIn(ctx, roomId))));
  return room;
}
