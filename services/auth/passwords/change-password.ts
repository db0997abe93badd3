import type { ChangePasswordInput } from "../../../utils/contract/schemas/accounts.ts";
import { AppError } from "../../../utils/errors.ts";
import { audit } from "../../audit/record.ts";
import type { Ctx } from "../../context.ts";
import { lockCredential } from "../factors/lock-credential.ts";
import { memberOnly } from "../factors/recent-auth.ts";
import { verifyPassword } from "../factors/verify-password.ts";
import { disconnectSessions, markEnded } from "../sessions/end-sessions.ts";
import { checkPassword } from "./password-rules.ts";
import { setPassword } from "./set-password.ts";

/**
 * Changes the caller's password and ends all other sessions.
 * @throws AppError `account_required`, `invalid_credentials`, `password_weak { reason }`
 */
export async function changePassword(
  ctx: Ctx<"db" | "now" | "sessions" | "publish" | "passwords">,
  { currentPassword, newPassword }: ChangePasswordInput,
): Promise<void> {
  memberOnly(ctx);
  const { id: userId, sessionId, username } = ctx.actor;
  const { passwordHash } = await verifyPassword(ctx, currentPassword);
  checkPassword(newPassword, username);
  const hash = await ctx.passwords.hash(newPassword);
  const ended = await ctx.db.$transaction(async (db) => {
    // Reject the change if the password was changed concurrently.
    const current = await lockCredential(db, userId);
    if (current?.passwordHash !== passwordHash) throw new AppError("invalid_credentials");
    await setPassword({ ...ctx, db }, userId, hash);
    await audit({ ...ctx, db }, { action: "password_changed", subjectType: "user", subjectId: userId, data: { sessionId } });
    return markEnded({ ...ctx, db }, { userId, id: { not: sessionId } }, "password_changed");
  });
  disconnectSessions(ctx, ended);
}
