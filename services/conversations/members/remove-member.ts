import type { MemberParams } from "../../../utils/contract/schemas/conversations.ts";
import { AppError } from "../../../utils/errors.ts";
import { authorize } from "../../authorize.ts";
import type { Ctx } from "../../context.ts";
import { groupForMember } from "../access.ts";
import { changeConversation, markChanged } from "../lock-conversation.ts";
import { mayRemoveMembers } from "../policy.ts";
import { withdrawRequest } from "./declines.ts";
import { ownerOf } from "./transfer-ownership.ts";

/**
 * Removes a member from a group, or withdraws an invitation, which cannot be repeated for 30 days: the member receives nothing that is
 * numbered afterwards. Members who want to go themselves leave.
 * @throws AppError `not_found`, `forbidden` for everyone but the owner
 */
export async function removeMember(
  ctx: Ctx<"db" | "rooms" | "conversations" | "conversationNotifier" | "publish" | "typing">,
  { roomId, userId }: MemberParams,
): Promise<void> {
  await groupForMember(ctx, roomId);
  await changeConversation(ctx.db, roomId, async (tx) => {
    authorize(mayRemoveMembers(ctx.actor, await ownerOf(tx, roomId)));
    if (userId === ctx.actor.id) throw new AppError("forbidden");
    const wasInvited = await withdrawRequest(tx, roomId, userId);
    const { count } = await tx.roomMember.deleteMany({ where: { roomId, userId } });
    if (!wasInvited && count === 0) throw new AppError("not_found");
    await markChanged(tx, roomId);
  });
  ctx.typing.stop(roomId, userId);
  ctx.publish.conversationLeft(userId, { roomId });
  ctx.conversationNotifier.notifyChanged(roomId);
}
