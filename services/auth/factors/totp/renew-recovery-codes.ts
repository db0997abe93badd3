import type { EmptyInput } from "../../../../utils/contract/schemas/auth.ts";
import type { RecoveryCodesDto } from "../../../../utils/contract/schemas/factors.ts";
import { AppError } from "../../../../utils/errors.ts";
import { audit } from "../../../audit/record.ts";
import type { Ctx } from "../../../context.ts";
import { lockCredential } from "../lock-credential.ts";
import { notifySignInChanged } from "../notify-sign-in-changed.ts";
import { memberOnly, requireRecentAuth } from "../recent-auth.ts";
import { replaceRecoveryCodes } from "../recovery-codes.ts";

/**
 * Replaces all recovery codes, used or not. @returns the new codes, which are never shown again
 * @throws AppError `account_required`, `step_up_required`, `totp_not_set_up`
 */
export async function renewRecoveryCodes(
  ctx: Ctx<"db" | "now" | "logger" | "vault" | "mail" | "siteUrl">,
  _input: EmptyInput,
): Promise<RecoveryCodesDto> {
  memberOnly(ctx);
  await requireRecentAuth(ctx);
  const { id: userId, sessionId } = ctx.actor;
  const recoveryCodes = await ctx.db.$transaction(async (tx) => {
    const credential = await lockCredential(tx, userId);
    if (credential?.totpEnabledAt == null) throw new AppError("totp_not_set_up");
    await audit({ ...ctx, db: tx }, { action: "recovery_codes_renewed", subjectType: "user", subjectId: userId, data: { sessionId } });
    return replaceRecoveryCodes({ ...ctx, db: tx }, userId);
  });
  await notifySignInChanged(ctx);
  return { recoveryCodes };
}
