import { limits } from "../../utils/contract/limits.ts";
import type { MeDto } from "../../utils/contract/schemas/auth.ts";
import { AppError } from "../../utils/errors.ts";
import { contactsOf } from "../contacts/contacts.ts";
import type { Ctx } from "../context.ts";
import { presentRestriction } from "../sanctions/policy.ts";
import { presentProfile } from "../users/present.ts";
import { trustOf } from "./permissions.ts";

/** Returns until when the session's step-up authentication is valid; null if it is not. */
function stepUpExpiryOf({ actor, now }: Pick<Ctx, "actor" | "now">): string | null {
  if (actor.provenAt === null) return null;
  const expiresAt = new Date(actor.provenAt.getTime() + limits.stepUpMs);
  return expiresAt > now() ? expiresAt.toISOString() : null;
}

const readOwn = async ({ db, actor }: Pick<Ctx, "db" | "actor">) => {
  const unused = { where: { usedAt: null } };
  const include = { credential: { select: { totpEnabledAt: true } }, _count: { select: { recoveryCodes: unused } } } as const;
  const user = await db.user.findUnique({ where: { id: actor.id }, include });
  if (user === null) throw new AppError("session_revoked");
  return user;
};

/** Returns the caller's own profile, session, permissions and private account data. */
export async function getMe(ctx: Ctx<"db" | "now" | "vault">): Promise<MeDto> {
  const { actor } = ctx;
  const [user, { email, phone }] = await Promise.all([readOwn(ctx), contactsOf(ctx, actor.id)]);
  return {
    ...presentProfile(user),
    sessionId: actor.sessionId,
    sessionExpiresAt: actor.sessionExpiresAt.toISOString(),
    ...trustOf(actor),
    verification: { email: email?.isVerified ?? false, phone: phone?.isVerified ?? false, age: false },
    privacy: { whoMayWrite: user.whoMayWrite, showsReceipts: user.showsReceipts, isInvisible: user.isInvisible },
    email: email?.masked ?? null,
    phoneNumber: phone?.masked ?? null,
    hasTotp: user.credential?.totpEnabledAt != null,
    recoveryCodesLeft: user._count.recoveryCodes,
    stepUpExpiresAt: stepUpExpiryOf(ctx),
    ban: actor.ban && presentRestriction(actor.ban),
    mute: actor.mute && presentRestriction(actor.mute),
    trustLevel: actor.trustLevel,
    moderates: [...actor.moderates],
  };
}
