import type { MemberParams } from "../../utils/contract/conversations.ts";
import { AppError } from "../../utils/errors.ts";
import { authorize } from "../authorize.ts";
import type { Ctx } from "../context.ts";
import { groupForMember, viewOf } from "./access.ts";
import { mayRemoveMembers } from "./policy.ts";
import { touch } from "./touch.ts";

/**
 * Takes somebody out of a group: nothing numbered afterwards reaches them. Who wants to go themselves leaves.
 * @throws AppError `not_found`, `forbidden` for everybody but the owner
 */
export async function removeMember(ctx: Ctx, { roomId, userId }: MemberParams): Promise<void> {
  await groupForMember(ctx, roomId);
  const { ownerId } = await viewOf(ctx, roomId);
  authorize(mayRemoveMembers(ctx.actor, ownerId));
  if (userId === ctx.actor.id) throw new AppError("forbidden");
  const { count } = await ctx.db.$transaction(async (tx) => {
    await touch(tx, roomId);
    return tx.roomMember.deleteMany({ where: { roomId, userId } });
  });
  if (count === 0) throw new AppError("not_found");
  ctx.typing.stop(roomId, userId);
  ctx.publish.conversationLeft(userId, { roomId });
  ctx.news.changed(roomId);
}
