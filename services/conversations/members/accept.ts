import type { ConversationDto } from "../../../utils/contract/schemas/conversations.ts";
import type { RoomParams } from "../../../utils/contract/schemas/rooms.ts";
import type { Ctx } from "../../context.ts";
import { conversationForMember, viewOf } from "../access.ts";
import { changeConversation, markChanged } from "../lock-conversation.ts";
import { transferOwnership } from "./transfer-ownership.ts";

/**
 * Accepts a conversation request or group invitation. Idempotent.
 * @throws AppError `not_found` when the actor is not in it, also when the request was withdrawn or declined meanwhile
 */
export async function acceptConversation(
  ctx: Ctx<"db" | "pool" | "now" | "rooms" | "conversations" | "conversationNotifier">,
  { roomId }: RoomParams,
): Promise<ConversationDto> {
  await conversationForMember(ctx, roomId);
  const isNew = await changeConversation(ctx.db, roomId, async (tx) => {
    const { count } = await tx.roomMember.updateMany({
      where: { roomId, userId: ctx.actor.id, state: "requested" },
      data: { state: "active" },
    });
    if (count === 0) return false;
    await markChanged(tx, roomId);
    // The last active member may have left meanwhile.
    await transferOwnership(tx, roomId);
    return true;
  });
  if (isNew) ctx.conversationNotifier.notifyChanged(roomId);
  return viewOf(ctx, roomId);
}
