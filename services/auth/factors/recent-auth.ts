import { limits } from "../../../utils/contract/limits.ts";
import { AppError } from "../../../utils/errors.ts";
import { authorize } from "../../authorize.ts";
import type { Ctx } from "../../context.ts";
import { hasAccount } from "../../users/policy.ts";
import { stepUpMethods } from "./second-factor.ts";

/** Returns until when an authentication counts as recent. */
export const recentAuthExpiry = (provenAt: Date): Date => new Date(provenAt.getTime() + limits.stepUpMs);

const isFresh = (provenAt: Date | null, now: Date): boolean => provenAt !== null && recentAuthExpiry(provenAt) > now;

/** Requires an account. @throws AppError `account_required` for guests */
export function memberOnly({ actor }: Pick<Ctx, "actor">): void {
  authorize(hasAccount(actor));
}

/**
 * Requires that the user signed in or authenticated within `limits.stepUpMs`. Guests pass, because they have no factors.
 * @throws AppError `step_up_required { methods, passkey? }` with those of `password`, `totp` and `passkey` that the account has,
 * and the challenge for a passkey
 */
export async function requireRecentAuth(ctx: Ctx<"db" | "now">): Promise<void> {
  const { actor, db, now } = ctx;
  if (actor.kind === "guest" || isFresh(actor.provenAt, now())) return;
  // The cached actor may be half a second old: also accept an authentication that just happened on another node.
  const session = await db.session.findUnique({ where: { id: actor.sessionId }, select: { provenAt: true } });
  if (isFresh(session?.provenAt ?? null, now())) return;
  throw new AppError("step_up_required", { ...(await stepUpMethods(ctx, actor.id)) });
}
