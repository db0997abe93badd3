import type { UserParams } from "../../utils/contract/users.ts";
import { AppError } from "../../utils/errors.ts";
import type { Ctx } from "../context.ts";
import { directKey } from "../conversations/direct-key.ts";
import { touch } from "../conversations/touch.ts";
import { tellBlock } from "./tell.ts";

/** What the person asks of one goes away with the block; what was said stays where it is. */
async function write({ db, actor }: Ctx, userId: string): Promise<boolean> {
  const key = { userId: actor.id, blockedId: userId };
  return db.$transaction(async (tx) => {
    const { count } = await tx.block.createMany({ data: [key], skipDuplicates: true });
    const direct = await tx.room.findUnique({ where: { directKey: directKey(actor.id, userId) }, select: { id: true } });
    if (direct === null) return count > 0;
    await touch(tx, direct.id);
    await tx.roomMember.deleteMany({ where: { roomId: direct.id, userId: actor.id, state: "requested" } });
    return count > 0;
  });
}

/**
 * From now on the two write each other nothing, see nothing of each other in conversations, and bring each other into none. The other
 * is not told. Blocking twice is blocking once.
 * @throws AppError `not_found` for who is not there, `invalid_input` for oneself
 */
export async function blockUser(ctx: Ctx, { userId }: UserParams): Promise<void> {
  if (userId === ctx.actor.id) throw new AppError("invalid_input", { errors: [{ path: "userId", message: "is your own" }] });
  if ((await ctx.db.user.count({ where: { id: userId, erasedAt: null } })) === 0) throw new AppError("not_found");
  if (await write(ctx, userId)) await tellBlock(ctx, userId);
}
