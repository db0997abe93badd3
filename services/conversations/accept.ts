import type { ConversationDto } from "../../utils/contract/conversations.ts";
import type { RoomParams } from "../../utils/contract/rooms.ts";
import type { Ctx } from "../context.ts";
import { conversationForMember, viewOf } from "./access.ts";
import { touch } from "./touch.ts";

/**
 * Takes a conversation one was asked into. Taking it twice is taking it once.
 * @throws AppError `not_found` for what is not one's own
 */
export async function acceptConversation(ctx: Ctx, { roomId }: RoomParams): Promise<ConversationDto> {
  await conversationForMember(ctx, roomId);
  const isNews = await ctx.db.$transaction(async (tx) => {
    const { count } = await tx.roomMember.updateMany({
      where: { roomId, userId: ctx.actor.id, state: "requested" },
      data: { state: "active" },
    });
    if (count > 0) await touch(tx, roomId);
    return count > 0;
  });
  if (isNews) ctx.news.changed(roomId);
  return viewOf(ctx, roomId);
}
