import type { ConversationDto } from "../../utils/contract/schemas/conversations.ts";
import { AppError } from "../../utils/errors.ts";
import type { Ctx } from "../context.ts";
import type { RoomRecord } from "../rooms/room-cache.ts";
import { presentViews } from "./present.ts";
import { readViews } from "./read.ts";

/**
 * Finds a conversation and checks that the actor is in it, or is asked into it. What is done with its messages goes through
 * `roomForMember`, which does not let in those who are only asked into a group.
 * @throws AppError `not_found` for everybody else, and where the room is none
 */
export async function conversationForMember(ctx: Ctx, roomId: string): Promise<RoomRecord> {
  const room = await ctx.rooms.find(roomId);
  if (room === undefined || room.kind === "language") throw new AppError("not_found");
  const members = await ctx.conversations.membersOf(roomId);
  if (!members?.some(({ userId }) => userId === ctx.actor.id)) throw new AppError("not_found");
  return room;
}

/** The same, for what only groups have. */
export async function groupForMember(ctx: Ctx, roomId: string): Promise<RoomRecord> {
  const room = await conversationForMember(ctx, roomId);
  if (room.kind !== "group") throw new AppError("not_found");
  return room;
}

/** A conversation as the actor sees it now. @throws AppError `not_found` for who is not in it */
export async function viewOf({ pool, actor, now }: Pick<Ctx, "pool" | "actor" | "now">, roomId: string): Promise<ConversationDto> {
  const [view] = presentViews(await readViews(pool, [{ roomId, userId: actor.id }], now()));
  if (view === undefined) throw new AppError("not_found");
  return view.conversation;
}
