import type { StepUpInput } from "../../../utils/contract/schemas/accounts.ts";
import { auditRow } from "../../audit/record.ts";
import type { Ctx } from "../../context.ts";
import { memberOnly, recentAuthExpiry } from "./recent-auth.ts";
import { checkSecondFactor, checkStepUpPasskey } from "./second-factor.ts";
import { verifyPassword } from "./verify-password.ts";

/** Checks the password and the second factor if the account has one. */
async function checkPassword(
  ctx: Ctx<"db" | "now" | "limits" | "logger" | "vault" | "passwords">,
  { password = "", totpCode }: StepUpInput,
): Promise<void> {
  await verifyPassword(ctx, password);
  await checkSecondFactor(ctx, ctx.actor.id, { totpCode });
}

/**
 * Authenticates the caller again by a passkey, or by the password with a code if two-factor sign-in is on. Afterwards this session may
 * use the sensitive endpoints for `limits.stepUpMs`.
 * @throws AppError `account_required`, `invalid_credentials`, `totp_required { methods, passkey? }`, `passkey_refused`
 */
export async function stepUp(
  ctx: Ctx<"db" | "now" | "sessions" | "limits" | "logger" | "vault" | "passwords">,
  input: StepUpInput,
): Promise<{ stepUpExpiresAt: string }> {
  memberOnly(ctx);
  const { id: userId, sessionId } = ctx.actor;
  if (input.passkey !== undefined) await checkStepUpPasskey(ctx, userId, input.passkey);
  else await checkPassword(ctx, input);
  const provenAt = ctx.now();
  const data = { sessionId, method: input.passkey === undefined ? "password" : "passkey" };
  await ctx.db.$transaction([
    ctx.db.session.update({ where: { id: sessionId }, data: { provenAt } }),
    ctx.db.auditEntry.create({ data: auditRow(ctx, { action: "stepped_up", subjectType: "user", subjectId: userId, data }) }),
  ]);
  ctx.sessions.invalidate(sessionId);
  return { stepUpExpiresAt: recentAuthExpiry(provenAt).toISOString() };
}
