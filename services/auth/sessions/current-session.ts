import { AppError } from "../../../utils/errors.ts";
import type { OpenCtx } from "../../context.ts";
import { isRefreshToken, refreshTokenHash } from "../tokens/refresh-token.ts";

/** Whoever calls with an access token, or with only the refresh cookie. */
export type CurrentSession = { readonly sessionId: string; readonly userId: string };

/**
 * The session a call comes from.
 * @throws AppError `unauthenticated` without any token of ours, `session_revoked` when the session is over
 */
export async function currentSession(ctx: OpenCtx, refreshToken: string | undefined): Promise<CurrentSession> {
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
