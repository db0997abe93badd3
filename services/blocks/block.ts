import type { Prisma } from "../../prisma/generated/client.ts";
import type { UserParams } from "../../utils/contract/schemas/users.ts";
import { AppError } from "../../utils/errors.ts";
import type { Ctx } from "../context.ts";
import { type DeclinedRequest, declineRequests } from "../conversations/members/declines.ts";
import { conversationsBetween } from "./between.ts";
import { publishBlock } from "./publish.ts";

type BlockResult = { readonly isNew: boolean; readonly declined: readonly DeclinedRequest[] };

/**
 * Inserts the block and declines the user's pending requests to the actor; existing messages stay. The block stores the declined
 * requests, so that it can be undone.
 */
async function write(ctx: Ctx<"db">, userId: string): Promise<BlockResult> {
  const { actor, db } = ctx;
  return db.$transaction(async (tx: Prisma.TransactionClient) => {
    const { directId, requestIds } = await conversationsBetween(tx, { userId: actor.id, otherId: userId });
    const { count } = await tx.block.createMany({ data: [{ userId: actor.id, blockedId: userId }], skipDuplicates: true });
    const requests = directId === null ? requestIds : [...requestIds, directId];
    const declined = await declineRequests(tx, actor.id, requests);
    if (count > 0 && declined.length > 0)
      await tx.block.update({ where: { userId_blockedId: { userId: actor.id, blockedId: userId } }, data: { declined: [...declined] } });
    return { isNew: count > 0, declined };
  });
}

/**
 * Blocks a user: from now on neither can write to the other, receive anything from them in conversations, or add them to one. Declines
 * the user's pending requests to the actor, also in groups. The other user is not notified. Blocking is idempotent. No message from the
 * blocked user that is numbered after the response reaches the actor in their direct conversation.
 * @throws AppError `not_found` for an unknown user, `invalid_input` for the actor's own id
 */
export async function blockUser(
  ctx: Ctx<"db" | "pool" | "conversationNotifier" | "publish" | "typing">,
  { userId }: UserParams,
): Promise<void> {
  if (userId === ctx.actor.id) throw new AppError("invalid_input", { errors: [{ path: "userId", message: "must not be your own id" }] });
  if ((await ctx.db.user.count({ where: { id: userId, erasedAt: null } })) === 0) throw new AppError("not_found");
  const { isNew, declined } = await write(ctx, userId);
  for (const { room_id: roomId } of declined) ctx.publish.conversationLeft(ctx.actor.id, { roomId });
  if (isNew) await publishBlock(ctx, userId);
}
