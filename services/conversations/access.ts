import type { ConversationDto } from "../../utils/contract/schemas/conversations.ts";
import { AppError } from "../../utils/errors.ts";
import type { Ctx } from "../context.ts";
import type { RoomRecord } from "../rooms/room-cache.ts";
import { presentViews } from "./present.ts";
import { readViews } from "./read.ts";

/**
 * Finds a conversation and checks that the actor is a member or invited. Access to its messages requires `roomForMember`, which rejects
 * users who are only invited to a group.
 * @throws AppError `not_found` for everyone else, and if the room is not a conversation
 */
export async function conversationForMember(ctx: Ctx<"rooms" | "conversations">, roomId: string): Promise<RoomRecord> {
  const room = await ctx.rooms.find(roomId);
  if (room === undefined || room.kind === "language") throw new AppError("not_found");
  const members = await ctx.conversations.membersOf(roomId);
  if (!members?.some(({ userId }) => userId === ctx.actor.id)) throw new AppError("not_found");
  return room;
}

/** Does the same for groups only. */
export async function groupForMember(ctx: Ctx<"rooms" | "conversations">, roomId: string): Promise<RoomRecord> {
  const room = await conversationForMember(ctx, roomId);
  if (room.kind !== "group") throw new AppError("not_found");
  return room;
}

/** Returns a conversation as the actor currently sees it. @throws AppError `not_found` for non-members */
export async function viewOf({ pool, actor, now }: Pick<Ctx, "pool" | "actor" | "now">, roomId: string): Promise<ConversationDto> {
  const [view] = presentViews(await readViews(pool, [{ roomId, userId: actor.id }], now()));
  if (view === undefined) throw new AppError("not_found");
  return view.conversation;
}
