import type { ChangePhoneInput } from "../../utils/contract/schemas/accounts.ts";
import { audit } from "../audit/record.ts";
import { memberOnly, requireRecentAuth } from "../auth/factors/recent-auth.ts";
import { setContact } from "../contacts/contacts.ts";
import { consumePhoneProof } from "../contacts/phone/proof.ts";
import type { Ctx } from "../context.ts";
import { lockUser } from "../users/lock-user.ts";

/**
 * Sets a verified phone number as the caller's own and replaces the previous one.
 * @throws AppError `account_required`, `step_up_required { methods }`, `phone_proof_invalid`, `phone_taken`
 */
export async function changePhone(ctx: Ctx<"db" | "now" | "keys" | "sessions" | "vault">, { phoneProof }: ChangePhoneInput): Promise<void> {
  memberOnly(ctx);
  await requireRecentAuth(ctx);
  const { id: userId, sessionId } = ctx.actor;
  await ctx.db.$transaction(async (db) => {
    const txCtx = { ...ctx, db };
    await lockUser(db, userId);
    const { number } = await consumePhoneProof(txCtx, phoneProof, "change");
    await setContact(txCtx, { userId, kind: "phone", value: number, isVerified: true });
    await audit(txCtx, { action: "phone_changed", subjectType: "user", subjectId: userId, data: { sessionId } });
  });
  // Permissions that require a verified number apply immediately.
  ctx.sessions.invalidate(sessionId);
}
