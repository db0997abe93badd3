import { AppError } from "../../../utils/errors.ts";
import type { OpenCtx } from "../../context.ts";
import { isRefreshToken, refreshTokenHash } from "../tokens/refresh-token.ts";

/** The session of a caller with an access token, or with only the refresh cookie. */
export type CurrentSession = { readonly sessionId: string; readonly userId: string };

/**
 * Returns the session of a request.
 * @throws AppError `unauthenticated` without a valid token, `session_revoked` when the session has ended
 */
export async function currentSession(ctx: OpenCtx<"db" | "now">, refreshToken: string | undefined): Promise<CurrentSession> {
  if (ctx.actor !== null) return { sessionId: ctx.actor.sessionId, userId: ctx.actor.id };
  if (!isRefreshToken(refreshToken)) throw new AppError("unauthenticated");
  const found = await ctx.db.refreshToken.findUnique({
    where: { hash: new Uint8Array(refreshTokenHash(refreshToken)) },
    include: { session: true },
  });
  if (found === null) throw new AppError("unauthenticated");
  const { id, userId, endedAt, expiresAt } = found.session;
  if (endedAt !== null || expiresAt <= ctx.now()) throw new AppError("session_revoked");
  return { sessionId: id, userId };
}
