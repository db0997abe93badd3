import type { VerifyEmailInput } from "../../../utils/contract/schemas/accounts.ts";
import { AppError } from "../../../utils/errors.ts";
import { audit } from "../../audit/record.ts";
import type { OpenCtx } from "../../context.ts";
import { confirmContact } from "../contacts.ts";
import { consumeMailToken } from "./mail-tokens.ts";

/**
 * Verifies an e-mail address with the token that was mailed to it. No session is required, so any browser can open the link.
 * @throws AppError `token_invalid`, or `email_taken` when another account verified the address before
 */
export async function verifyEmail(ctx: OpenCtx<"db" | "now" | "vault">, { token }: VerifyEmailInput): Promise<void> {
  await ctx.db.$transaction(async (db) => {
    const txCtx = { ...ctx, db };
    const { userId, contactId } = await consumeMailToken(txCtx, token, "verify_email");
    if (!(await confirmContact(txCtx, contactId, "email"))) throw new AppError("token_invalid");
    await audit({ ...txCtx, actor: { id: userId } }, { action: "email_verified", subjectType: "user", subjectId: userId });
  });
}
