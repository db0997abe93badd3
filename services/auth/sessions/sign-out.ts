import type { OpenCtx } from "../../context.ts";
import { currentSession } from "./current-session.ts";
import { endSessions } from "./end-sessions.ts";

/**
 * Ends the session of the request, identified by access token or only by refresh cookie.
 * @throws AppError `unauthenticated` or `session_revoked`
 */
export async function signOut(
  ctx: OpenCtx<"db" | "reservedPool" | "now" | "sessions" | "publish">,
  refreshToken: string | undefined,
): Promise<void> {
  const { sessionId, userId } = await currentSession(ctx, refreshToken);
  await endSessions({ ...ctx, actor: { id: userId } }, [sessionId], { reason: "signed_out" });
}
