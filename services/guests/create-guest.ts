import { guestBans } from "../../utils/contract/limits.ts";
import type { CreateGuestInput } from "../../utils/contract/schemas/auth.ts";
import { newId } from "../../utils/ids.ts";
import { auditRow } from "../audit/record.ts";
import { presentSession, type SignedIn } from "../auth/sessions/present.ts";
import { expiryOf, newRefreshToken, refreshTokenHash } from "../auth/tokens/refresh-token.ts";
import type { OpenCtx } from "../context.ts";
import { skeletonOf } from "../users/names/confusables.ts";
import { validateGuestName } from "../users/names/validate-guest-name.ts";
import { admitGuest } from "./admit-guest.ts";
import { guestOrigin } from "./device-cookie.ts";

/**
 * Creates a guest and signs them in. Without a name they get a generated one. `knownDevice` is the device cookie of the request; the
 * result contains the one to be set.
 * @throws AppError `invalid_input`, `name_taken { field, suggestions }`, and those of `admitGuest`
 */
export async function createGuest(
  ctx: OpenCtx<"db" | "pool" | "now" | "keys" | "limits" | "events">,
  input: CreateGuestInput,
  knownDevice?: string,
): Promise<SignedIn> {
  const displayName = await validateGuestName(ctx.db, input.displayName);
  const { cookie, ...hashes } = guestOrigin(ctx, knownDevice);
  const standing = await admitGuest(ctx, hashes, input.proof);
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
      heldUntil: standing === "watched" ? new Date(now.getTime() + guestBans.heldMs) : null,
      sessions: { create: { ...session, ...hashes, tokens: { create: token } } },
    },
  });
  const actor = { id: userId };
  const record = ctx.db.auditEntry.create({
    data: auditRow({ ...ctx, actor }, { action: "guest_created", subjectType: "user", subjectId: userId }),
  });
  const [user] = await ctx.db.$transaction([create, record]);
  ctx.events.publish("guestCreated", { userId });
  return { session: presentSession(ctx, user, session), refreshToken, knownDevice: cookie };
}
