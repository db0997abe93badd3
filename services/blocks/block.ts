import type { Prisma } from "../../prisma/generated/client.ts";
import type { UserParams } from "../../utils/contract/schemas/users.ts";
import { AppError } from "../../utils/errors.ts";
import type { Ctx } from "../context.ts";
import { type DeclinedRequest, declineRequests } from "../conversations/members/declines.ts";
import { conversationsBetween } from "./between.ts";
import { publishBlock } from "./publish.ts";

type Written = { readonly isNew: boolean; readonly declined: readonly DeclinedRequest[] };

/**
 * Writes the block and declines what the person asks of the actor; what was said stays where it is. The block keeps what it declined,
 * so that it can be undone.
 */
async function write(ctx: Ctx, userId: string): Promise<Written> {
  const { actor, db } = ctx;
  return db.$transaction(async (tx: Prisma.TransactionClient) => {
    const { directId, requestIds } = await conversationsBetween(tx, { userId: actor.id, otherId: userId });
    const { count } = await tx.block.createMany({ data: [{ userId: actor.id, blockedId: userId }], skipDuplicates: true });
    const asked = directId === null ? requestIds : [...requestIds, directId];
    const declined = await declineRequests(tx, actor.id, asked);
    if (count > 0 && declined.length > 0)
      await tx.block.update({ where: { userId_blockedId: { userId: actor.id, blockedId: userId } }, data: { declined: [...declined] } });
    return { isNew: count > 0, declined };
  });
}

/**
 * Blocks somebody: from now on the two cannot write to each other, see nothing of each other in conversations, and cannot bring each
 * other into one; what the person asks of the actor, also in groups, is declined. The other is not notified. Blocking twice is blocking
 * once. No message of the other that is numbered after the answer reaches the actor in their direct conversation.
 * @throws AppError `not_found` for an unknown person, `invalid_input` for oneself
 */
export async function blockUser(ctx: Ctx, { userId }: UserParams): Promise<void> {
  if (userId === ctx.actor.id) throw new AppError("invalid_input", { errors: [{ path: "userId", message: "is your own" }] });
  if ((await ctx.db.user.count({ where: { id: userId, erasedAt: null } })) === 0) throw new AppError("not_found");
  const { isNew, declined } = await write(ctx, userId);
  for (const { room_id: roomId } of declined) ctx.publish.conversationLeft(ctx.actor.id, { roomId });
  if (isNew) await publishBlock(ctx, userId);
}
