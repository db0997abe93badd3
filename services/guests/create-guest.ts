import type { CreateGuestInput } from "../../utils/contract/schemas/auth.ts";
import { newId } from "../../utils/ids.ts";
import { auditRow } from "../audit/record.ts";
import { presentSession, type SignedIn } from "../auth/sessions/present.ts";
import { expiryOf, newRefreshToken, refreshTokenHash } from "../auth/tokens/refresh-token.ts";
import type { OpenCtx } from "../context.ts";
import { consumeGuestBudget } from "../limits/guest-budget.ts";
import { skeletonOf } from "../users/names/confusables.ts";
import { validateGuestName } from "../users/names/validate-guest-name.ts";

/**
 * Creates a guest and signs them in. Without a name they get a generated one.
 * @throws AppError `invalid_input`, `name_taken { field, suggestions }` or `guest_limit { retryAfterMs }`
 */
export async function createGuest(ctx: OpenCtx<"db" | "now" | "keys" | "limits">, input: CreateGuestInput): Promise<SignedIn> {
  const displayName = await validateGuestName(ctx.db, input.displayName);
  await consumeGuestBudget(ctx);
  const now = ctx.now();
  const userId = newId();
  const sessionId = newId();
  const refreshToken = newRefreshToken();
  const session = { id: sessionId, userAgent: ctx.origin.userAgent, createdAt: now, lastUsedAt: now, expiresAt: expiryOf("guest", now) };
  const token = { hash: new Uint8Array(refreshTokenHash(refreshToken)), createdAt: now };
  const create = ctx.db.user.create({
    data: {
      id: userId,
      kind: "guest",
      role: "guest",
      displayName,
      nameSkeleton: skeletonOf(displayName),
      languages: input.languages ?? [],
      acceptedRulesVersion: input.acceptedRulesVersion ?? null,
      lastSeenAt: now,
      createdAt: now,
      sessions: { create: { ...session, tokens: { create: token } } },
    },
  });
  const actor = { id: userId };
  const record = ctx.db.auditEntry.create({
    data: auditRow({ ...ctx, actor }, { action: "guest_created", subjectType: "user", subjectId: userId }),
  });
  const [user] = await ctx.db.$transaction([create, record]);
  return { session: presentSession(ctx, user, session), refreshToken };
}
