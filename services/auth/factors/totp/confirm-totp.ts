import type { Credential } from "../../../../prisma/generated/client.ts";
import type { ConfirmTotpInput, RecoveryCodesDto } from "../../../../utils/contract/schemas/factors.ts";
import { AppError } from "../../../../utils/errors.ts";
import { audit } from "../../../audit/record.ts";
import type { Ctx } from "../../../context.ts";
import { lockCredential } from "../lock-credential.ts";
import { notifySignInChanged } from "../notify-sign-in-changed.ts";
import { memberOnly } from "../recent-auth.ts";
import { replaceRecoveryCodes } from "../recovery-codes.ts";
import { openSecret, stepOfCode } from "./code.ts";

/** Checks the code that activates the secret. @returns its time step */
function stepOf(ctx: Ctx<"now" | "vault">, credential: Credential | null, code: string): bigint {
  if (!credential?.totpSecret) throw new AppError("totp_not_set_up");
  if (credential.totpEnabledAt !== null) throw new AppError("totp_already_set_up");
  const step = stepOfCode(openSecret(ctx, ctx.actor.id, credential.totpSecret), code, ctx.now());
  if (step === null) throw new AppError("code_invalid");
  return step;
}

/**
 * Activates two-factor sign-in with a code of the authenticator app: from then on a password is not sufficient. Consumes the code.
 * @returns the recovery codes, which are never shown again
 * @throws AppError `account_required`, `totp_not_set_up`, `totp_already_set_up`, `code_invalid`
 */
export async function confirmTotp(
  ctx: Ctx<"db" | "now" | "logger" | "vault" | "mail" | "siteUrl">,
  { code }: ConfirmTotpInput,
): Promise<RecoveryCodesDto> {
  memberOnly(ctx);
  const { id: userId, sessionId } = ctx.actor;
  const recoveryCodes = await ctx.db.$transaction(async (tx) => {
    const totpLastStep = stepOf(ctx, await lockCredential(tx, userId), code);
    await tx.credential.update({ where: { userId }, data: { totpEnabledAt: ctx.now(), totpLastStep } });
    await audit({ ...ctx, db: tx }, { action: "totp_enabled", subjectType: "user", subjectId: userId, data: { sessionId } });
    return replaceRecoveryCodes({ ...ctx, db: tx }, userId);
  });
  await notifySignInChanged(ctx);
  return { recoveryCodes };
}
