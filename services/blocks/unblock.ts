import type { UserParams } from "../../utils/contract/users.ts";
import type { Ctx } from "../context.ts";
import { tellBlock } from "./tell.ts";

/** Takes a block back; where there is none, nothing happens. */
export async function unblockUser(ctx: Ctx, { userId }: UserParams): Promise<void> {
  const { count } = await ctx.db.block.deleteMany({ where: { userId: ctx.actor.id, blockedId: userId } });
  if (count > 0) await tellBlock(ctx, userId);
}
