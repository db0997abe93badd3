import type { OpenCtx } from "../context.ts";

/** Returns the messages whose authors the caller has not blocked. Callers without a session have no blocks. */
export async function withoutBlocked<Row extends { readonly author_id: string }>(
  ctx: OpenCtx<"db">,
  rows: readonly Row[],
): Promise<readonly Row[]> {
  if (ctx.actor === null || rows.length === 0) return rows;
  const authorIds = rows.map(({ author_id: id }) => id);
  const found = await ctx.db.block.findMany({ where: { userId: ctx.actor.id, blockedId: { in: authorIds } }, select: { blockedId: true } });
  const blocked = new Set(found.map(({ blockedId }) => blockedId));
  return rows.filter(({ author_id: id }) => !blocked.has(id));
}
