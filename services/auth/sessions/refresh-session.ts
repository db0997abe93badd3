import type pg from "pg";
import { inTransaction } from "../../../prisma/transaction.ts";
import { limits } from "../../../utils/contract/limits.ts";
import { AppError } from "../../../utils/errors.ts";
import { audit } from "../../audit/record.ts";
import type { OpenCtx } from "../../context.ts";
import { isRefreshToken } from "../tokens/refresh-token.ts";
import { type LockedSession, lockSessionOf, newestOf, replaceToken } from "../tokens/refresh-token-repository.ts";
import { endSessions } from "./end-sessions.ts";
import { presentSession, type SignedIn } from "./present.ts";
import { networkHash } from "./session-origin.ts";

type Outcome = { readonly session: LockedSession; readonly refreshToken: string | null };

const isOver = ({ endedAt, erasedAt, expiresAt }: LockedSession, now: Date): boolean =>
  endedAt !== null || erasedAt !== null || expiresAt <= now;

/** Replaces a token. Returns its successor, or null when it was replaced too long ago to come from another tab of the same user. */
async function rotate(client: pg.PoolClient, ctx: OpenCtx<"now" | "keys">, token: string): Promise<Outcome> {
  const session = await lockSessionOf(client, token);
  if (session === null) throw new AppError("unauthenticated");
  const now = ctx.now();
  if (isOver(session, now)) throw new AppError("session_revoked");
  const rotation = { session, token, key: ctx.keys.refresh[0], now, networkHash: networkHash(ctx.keys, ctx.origin) };
  if (session.replacedAt === null) return replaceToken(client, rotation);
  if (now.getTime() - session.replacedAt.getTime() > limits.refreshGraceMs) return { session, refreshToken: null };
  return { session, refreshToken: await newestOf(client, ctx.keys.refresh, token) };
}

/**
 * Exchanges a refresh token for its successor and an access token, and extends the session. All requests with one token within 10 s get
 * the same successor; a later replay, whether by a thief or by the robbed user, ends the session.
 * @throws AppError `unauthenticated` for an unknown token, `session_revoked` when the session has ended or was just ended
 */
export async function refreshSession(
  ctx: OpenCtx<"db" | "pool" | "reservedPool" | "now" | "keys" | "sessions" | "publish" | "logger">,
  token: string | undefined,
): Promise<SignedIn> {
  if (!isRefreshToken(token)) throw new AppError("unauthenticated");
  const { session, refreshToken } = await inTransaction(ctx.pool, (client) => rotate(client, ctx, token));
  if (refreshToken !== null) return { session: presentSession(ctx, session.user, session), refreshToken };
  const [ended] = await endSessions(ctx, [session.id], { reason: "replayed" });
  if (ended !== undefined)
    await audit(ctx, { action: "refresh_replayed", subjectType: "session", subjectId: ended, data: { userId: session.user.id } });
  ctx.logger.warn("replaced refresh token was reused, session revoked", { requestId: ctx.requestId, sessionId: session.id });
  throw new AppError("session_revoked");
}
