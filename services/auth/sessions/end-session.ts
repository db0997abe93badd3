import type { SessionParams } from "../../../utils/contract/schemas/auth.ts";
import { AppError } from "../../../utils/errors.ts";
import type { Ctx } from "../../context.ts";
import { endSessions } from "./end-sessions.ts";

/**
 * Ends one of the caller's own sessions.
 * @throws AppError `not_found` if it is not the caller's, or has already ended
 */
export async function endSession(
  ctx: Ctx<"db" | "reservedPool" | "now" | "sessions" | "publish">,
  { sessionId }: SessionParams,
): Promise<void> {
  const own = { id: sessionId, userId: ctx.actor.id, endedAt: null, expiresAt: { gt: ctx.now() } };
  const session = await ctx.db.session.findFirst({ where: own, select: { id: true } });
  if (session === null) throw new AppError("not_found");
  await endSessions(ctx, [session.id], { reason: "signed_out" });
}
