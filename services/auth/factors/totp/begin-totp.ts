import type { EmptyInput } from "../../../../utils/contract/schemas/auth.ts";
import type { TotpSecretDto } from "../../../../utils/contract/schemas/factors.ts";
import { AppError } from "../../../../utils/errors.ts";
import type { Call, Ctx } from "../../../context.ts";
import { hostOf, PRODUCT } from "../passkeys/site.ts";
import { memberOnly, requireRecentAuth } from "../recent-auth.ts";
import { newSecret, sealSecret, totpUri } from "./code.ts";

/** Returns the label of the entry in an authenticator app. The host distinguishes several installations. */
const namesOf = (ctx: Call) => ({ issuer: `${PRODUCT} (${hostOf(ctx)})`, label: ctx.actor.username ?? ctx.actor.displayName });

/**
 * Creates the secret for an authenticator app. It is inactive until a code confirms it; until then the next call replaces it.
 * @throws AppError `account_required`, `step_up_required`, `totp_already_set_up`
 */
export async function beginTotp(ctx: Ctx<"db" | "now" | "vault">, _input: EmptyInput): Promise<TotpSecretDto> {
  memberOnly(ctx);
  await requireRecentAuth(ctx);
  const userId = ctx.actor.id;
  const secret = newSecret();
  const data = { totpSecret: sealSecret(ctx, userId, secret), totpLastStep: null };
  const { count } = await ctx.db.credential.updateMany({ where: { userId, totpEnabledAt: null }, data });
  if (count === 0) throw new AppError("totp_already_set_up");
  return { secret, uri: totpUri(secret, namesOf(ctx)) };
}
