import type { Prisma } from "../../prisma/generated/client.ts";
import { limits } from "../../utils/contract/limits.ts";
import type { UserParams } from "../../utils/contract/schemas/users.ts";
import type { Call, Ctx } from "../context.ts";
import { viewOf } from "../conversations/access.ts";
import { type DeclinedRequest, restoreRequests } from "../conversations/members/declines.ts";
import { conversationsBetween } from "./between.ts";
import { publishBlock } from "./publish.ts";

type Removed = { readonly isRemoved: boolean; readonly restored: readonly string[] };

type BlockRow = { readonly declined: DeclinedRequest[] | null; readonly is_fresh: boolean };

/** Removes the block within a transaction, and restores the requests that it declined if it was created within the undo window. */
async function remove({ actor }: Call, tx: Prisma.TransactionClient, blockedId: string): Promise<Removed> {
  const key = { userId: actor.id, blockedId };
  const [block] = await tx.$queryRaw<BlockRow[]>`
    SELECT declined, created_at > now() - ${limits.blockUndoMs} * interval '1 ms' AS is_fresh
    FROM blocks WHERE user_id = ${actor.id}::uuid AND blocked_id = ${blockedId}::uuid`;
  const declined = block?.is_fresh ? (block.declined ?? []) : [];
  await conversationsBetween(tx, { userId: actor.id, otherId: blockedId, alsoLocked: declined.map(({ room_id }) => room_id) });
  const { count } = await tx.block.deleteMany({ where: key });
  // Of two concurrent calls, only the one that removes the block restores the requests.
  if (count === 0) return { isRemoved: false, restored: [] };
  return { isRemoved: true, restored: await restoreRequests(tx, { userId: actor.id, invitedBy: blockedId, declined }) };
}

/**
 * Removes a block; does nothing if there is none. Within a minute of the block (`limits.blockUndoMs`), this also restores the
 * requests that the block declined.
 */
export async function unblockUser(
  ctx: Ctx<"db" | "pool" | "now" | "conversationNotifier" | "publish" | "typing">,
  { userId }: UserParams,
): Promise<void> {
  const { isRemoved, restored } = await ctx.db.$transaction((tx) => remove(ctx, tx, userId));
  if (!isRemoved) return;
  await publishBlock(ctx, userId);
  for (const roomId of restored) ctx.publish.conversationChanged(ctx.actor.id, await viewOf(ctx, roomId));
}
