import type { PasskeyParams } from "../../../../utils/contract/schemas/factors.ts";
import { AppError } from "../../../../utils/errors.ts";
import { audit } from "../../../audit/record.ts";
import type { Ctx } from "../../../context.ts";
import { notifySignInChanged } from "../notify-sign-in-changed.ts";
import { memberOnly, requireRecentAuth } from "../recent-auth.ts";

/**
 * Removes one of the caller's passkeys, which then can no longer be used to sign in.
 * @throws AppError `account_required`, `step_up_required`, `not_found` if it is not the caller's
 */
export async function removePasskey(
  ctx: Ctx<"db" | "now" | "logger" | "vault" | "mail" | "siteUrl">,
  { passkeyId }: PasskeyParams,
): Promise<void> {
  memberOnly(ctx);
  await requireRecentAuth(ctx);
  const { id: userId, sessionId } = ctx.actor;
  await ctx.db.$transaction(async (tx) => {
    const { count } = await tx.passkey.deleteMany({ where: { id: passkeyId, userId } });
    if (count === 0) throw new AppError("not_found");
    const data = { sessionId, passkeyId };
    await audit({ ...ctx, db: tx }, { action: "passkey_removed", subjectType: "user", subjectId: userId, data });
  });
  await notifySignInChanged(ctx);
}
