import type { UserParams } from "../../utils/contract/users.ts";
import type { Ctx } from "../context.ts";
import { conversationsBetween } from "./between.ts";
import { tellBlock } from "./tell.ts";

/** Removes a block; where there is none, nothing happens. */
export async function unblockUser(ctx: Ctx, { userId }: UserParams): Promise<void> {
  const { count } = await ctx.db.$transaction(async (tx) => {
    await conversationsBetween(tx, ctx.actor.id, userId);
    return tx.block.deleteMany({ where: { userId: ctx.actor.id, blockedId: userId } });
  });
  if (count > 0) await tellBlock(ctx, userId);
}
