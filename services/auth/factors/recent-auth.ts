import { limits } from "../../../utils/contract/limits.ts";
import { AppError } from "../../../utils/errors.ts";
import { authorize } from "../../authorize.ts";
import type { Ctx } from "../../context.ts";
import { hasAccount } from "../../users/policy.ts";
import { stepUpMethods } from "./second-factor.ts";

/** Until when a proof counts as fresh. */
export const recentAuthExpiry = (provenAt: Date): Date => new Date(provenAt.getTime() + limits.stepUpMs);

const isFresh = (provenAt: Date | null, now: Date): boolean => provenAt !== null && recentAuthExpiry(provenAt) > now;

/** @throws AppError `account_required` for guests */
export function memberOnly({ actor }: Pick<Ctx, "actor">): void {
  authorize(hasAccount(actor));
}

/**
 * Lets through who signed in or proved themselves within `limits.stepUpMs`, and guests, who have nothing to prove.
 * @throws AppError `step_up_required { methods, passkey? }`, of `password`, `totp` and `passkey` those that this account has,
 * and the challenge for the last
 */
export async function requireRecentAuth(ctx: Ctx): Promise<void> {
  const { actor, db, now } = ctx;
  if (actor.kind === "guest" || isFresh(actor.provenAt, now())) return;
  // The actor may be half a second old: a proof given on another node just now counts too.
  const session = await db.session.findUnique({ where: { id: actor.sessionId }, select: { provenAt: true } });
  if (isFresh(session?.provenAt ?? null, now())) return;
  throw new AppError("step_up_required", { ...(await stepUpMethods(ctx, actor.id)) });
}
