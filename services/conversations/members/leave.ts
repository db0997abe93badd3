import type { RoomParams } from "../../../utils/contract/schemas/rooms.ts";
import type { Ctx } from "../../context.ts";
import { conversationForMember } from "../access.ts";
import { changeConversation, markChanged } from "../lock-conversation.ts";
import { declineRequests } from "./declines.ts";
import { transferOwnership } from "./transfer-ownership.ts";

/**
 * Leaves a conversation, or declines a request: the actor receives nothing that is numbered afterwards. In a direct conversation the
 * requester is not notified of a decline. A declined group cannot invite again for 30 days. If the owner of a group leaves, the
 * member who joined first becomes the owner.
 * @throws AppError `not_found` when the actor is not in it
 */
export async function leaveConversation(
  ctx: Ctx<"db" | "rooms" | "conversations" | "conversationNotifier" | "publish" | "typing">,
  { roomId }: RoomParams,
): Promise<void> {
  const { kind } = await conversationForMember(ctx, roomId);
  const isSilent = await changeConversation(ctx.db, roomId, async (tx) => {
    const [declined] = await declineRequests(tx, ctx.actor.id, [roomId]);
    await tx.roomMember.deleteMany({ where: { roomId, userId: ctx.actor.id } });
    // Even an event without any change would reveal the decline by its time.
    if (declined !== undefined && kind === "direct") return true;
    await markChanged(tx, roomId);
    await transferOwnership(tx, roomId);
    return false;
  });
  ctx.rooms.forget(roomId);
  ctx.typing.stop(roomId, ctx.actor.id);
  ctx.publish.conversationLeft(ctx.actor.id, { roomId });
  if (!isSilent) ctx.conversationNotifier.notifyChanged(roomId);
}
