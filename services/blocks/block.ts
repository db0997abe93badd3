import type { UserParams } from "../../utils/contract/users.ts";
import { AppError } from "../../utils/errors.ts";
import type { Ctx } from "../context.ts";
import { directKey } from "../conversations/direct-key.ts";
import { hold } from "../conversations/touch.ts";
import { tellBlock } from "./tell.ts";

type Written = { readonly isNew: boolean; readonly declinedId: string | null };

/** What the person asks of one goes away with the block; what was said stays where it is. */
async function write({ db, actor }: Ctx, userId: string): Promise<Written> {
  return db.$transaction(async (tx) => {
    const { count } = await tx.block.createMany({ data: [{ userId: actor.id, blockedId: userId }], skipDuplicates: true });
    const direct = await tx.room.findUnique({ where: { directKey: directKey(actor.id, userId) }, select: { id: true } });
    if (direct === null) return { isNew: count > 0, declinedId: null };
    await hold(tx, direct.id);
    const declined = await tx.roomMember.deleteMany({ where: { roomId: direct.id, userId: actor.id, state: "requested" } });
    return { isNew: count > 0, declinedId: declined.count > 0 ? direct.id : null };
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
  const { isNew, declinedId } = await write(ctx, userId);
  if (declinedId !== null) ctx.publish.conversationLeft(ctx.actor.id, { roomId: declinedId });
  if (isNew) await tellBlock(ctx, userId);
}
