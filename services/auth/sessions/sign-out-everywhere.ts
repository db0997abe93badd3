import type { OpenCtx } from "../../context.ts";
import { currentSession } from "./current-session.ts";
import { endSessions } from "./end-sessions.ts";

/**
 * Ends all sessions of the caller, including the current one.
 * @throws AppError `unauthenticated` or `session_revoked`
 */
export async function signOutEverywhere(
  ctx: OpenCtx<"db" | "reservedPool" | "now" | "sessions" | "publish">,
  refreshToken: string | undefined,
): Promise<void> {
  const { userId } = await currentSession(ctx, refreshToken);
  const sessions = await ctx.db.session.findMany({ where: { userId, endedAt: null }, select: { id: true } });
  await endSessions(
    { ...ctx, actor: { id: userId } },
    sessions.map(({ id }) => id),
    { reason: "signed_out" },
  );
}
