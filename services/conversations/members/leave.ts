import type { RoomParams } from "../../../utils/contract/schemas/rooms.ts";
import type { Ctx } from "../../context.ts";
import { conversationForMember } from "../access.ts";
import { changeConversation, markChanged } from "../lock-conversation.ts";
import { declineRequests } from "./declines.ts";
import { transferOwnership } from "./transfer-ownership.ts";

/**
 * Leaves a conversation, or declines one: nothing numbered afterwards reaches the actor. Whoever asked in a direct conversation is not
 * notified of a decline. A declined group cannot be asked for again for 30 days. A group whose owner leaves goes to the member who has
 * been in it longest.
 * @throws AppError `not_found` when the actor is not in it
 */
export async function leaveConversation(ctx: Ctx, { roomId }: RoomParams): Promise<void> {
  const { kind } = await conversationForMember(ctx, roomId);
  const isSilent = await changeConversation(ctx.db, roomId, async (tx) => {
    const [declined] = await declineRequests(tx, ctx.actor.id, [roomId]);
    await tx.roomMember.deleteMany({ where: { roomId, userId: ctx.actor.id } });
    // Even an event that says nothing new would reveal the decline by its time.
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
