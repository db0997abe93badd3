import type { ResetPasswordInput } from "../../../utils/contract/schemas/accounts.ts";
import { AppError } from "../../../utils/errors.ts";
import { audit } from "../../audit/record.ts";
import { findUserByPhone } from "../../contacts/contacts.ts";
import { consumeMailToken } from "../../contacts/email/mail-tokens.ts";
import { consumePhoneProof } from "../../contacts/phone/proof.ts";
import type { OpenCtx, OpenTxCtx } from "../../context.ts";
import { checkPassword } from "../passwords/password-rules.ts";
import { setPassword } from "../passwords/set-password.ts";
import { disconnectSessions, markEnded } from "../sessions/end-sessions.ts";

type TxCtx = OpenTxCtx<"now" | "keys" | "vault">;

/** Returns the user that the token or phone proof belongs to, and consumes it when the transaction commits. */
async function ownerOf(tx: TxCtx, { token, phoneProof }: ResetPasswordInput): Promise<string> {
  if (token !== undefined) return (await consumeMailToken(tx, token, "reset_password")).userId;
  const { number } = await consumePhoneProof(tx, phoneProof ?? "", "reset");
  const userId = await findUserByPhone(tx, number);
  if (userId === null) throw new AppError("phone_proof_invalid");
  return userId;
}

/**
 * Sets a new password with a mailed token or a phone proof. Ends all sessions. Two-factor sign-in stays on: access to the user's mail is
 * only one of two factors.
 * @throws AppError `token_invalid`, `phone_proof_invalid`, `password_weak { reason }`
 */
export async function resetPassword(
  ctx: OpenCtx<"db" | "now" | "keys" | "sessions" | "publish" | "vault" | "passwords">,
  input: ResetPasswordInput,
): Promise<void> {
  checkPassword(input.newPassword, null);
  const hash = await ctx.passwords.hash(input.newPassword);
  const ended = await ctx.db.$transaction(async (db) => {
    const tx = { ...ctx, db };
    const userId = await ownerOf(tx, input);
    const user = await db.user.findFirst({ where: { id: userId, erasedAt: null }, select: { username: true } });
    if (user === null) throw new AppError(input.token === undefined ? "phone_proof_invalid" : "token_invalid");
    checkPassword(input.newPassword, user.username);
    await setPassword(tx, userId, hash);
    const caller = { ...tx, actor: { id: userId } };
    const data = { by: input.token === undefined ? "phone" : "email" };
    await audit(caller, { action: "password_reset", subjectType: "user", subjectId: userId, data });
    return markEnded(caller, { userId }, "password_reset");
  });
  disconnectSessions(ctx, ended);
}
