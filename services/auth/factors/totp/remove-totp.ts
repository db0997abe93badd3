import type { RemoveTotpInput } from "../../../../utils/contract/schemas/factors.ts";
import { AppError } from "../../../../utils/errors.ts";
import { audit } from "../../../audit/record.ts";
import type { Ctx } from "../../../context.ts";
import { lockCredential } from "../lock-credential.ts";
import { notifySignInChanged } from "../notify-sign-in-changed.ts";
import { memberOnly } from "../recent-auth.ts";
import { verifyPassword } from "../verify-password.ts";

const NO_TOTP = { totpSecret: null, totpEnabledAt: null, totpLastStep: null } as const;

/**
 * Disables two-factor sign-in and deletes the secret and all recovery codes. Passkeys stay.
 * @throws AppError `account_required`, `invalid_credentials` for a wrong password, `totp_not_set_up`
 */
export async function removeTotp(
  ctx: Ctx<"db" | "logger" | "vault" | "passwords" | "mail" | "siteUrl">,
  { password }: RemoveTotpInput,
): Promise<void> {
  memberOnly(ctx);
  await verifyPassword(ctx, password);
  const { id: userId, sessionId } = ctx.actor;
  await ctx.db.$transaction(async (tx) => {
    const credential = await lockCredential(tx, userId);
    if (credential?.totpEnabledAt == null) throw new AppError("totp_not_set_up");
    await tx.credential.update({ where: { userId }, data: NO_TOTP });
    await tx.recoveryCode.deleteMany({ where: { userId } });
    await audit({ ...ctx, db: tx }, { action: "totp_disabled", subjectType: "user", subjectId: userId, data: { sessionId } });
  });
  await notifySignInChanged(ctx);
}
