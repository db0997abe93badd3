import type { Prisma } from "../../prisma/generated/client.ts";
import type { ChangeEmailInput } from "../../utils/contract/schemas/accounts.ts";
import { audit } from "../audit/record.ts";
import { memberOnly, requireRecentAuth } from "../auth/factors/recent-auth.ts";
import { type Contact, contactOf, normaliseEmail, setContact } from "../contacts/contacts.ts";
import { sendEmailChanged, sendEmailConfirmation } from "../contacts/email/account-mails.ts";
import type { Ctx } from "../context.ts";
import { languageOf } from "../mail/language.ts";
import { lockUser } from "../users/lock-user.ts";

type Change = { readonly previous: Contact | null; readonly next: Contact | null };

/** Replaces the caller's e-mail address. Changes nothing when the address stays the same. */
async function replace(ctx: Ctx<"db" | "now" | "vault">, db: Prisma.TransactionClient, value: string | null): Promise<Change> {
  const { id: userId, sessionId } = ctx.actor;
  const txCtx = { ...ctx, db };
  await lockUser(db, userId);
  const previous = await contactOf(txCtx, userId, "email");
  if (previous?.value === (value ?? undefined)) return { previous, next: previous };
  await db.contact.deleteMany({ where: { userId, kind: "email" } });
  const next = value === null ? null : await setContact(txCtx, { userId, kind: "email", value, isVerified: false });
  await audit(txCtx, { action: "email_changed", subjectType: "user", subjectId: userId, data: { sessionId } });
  return { previous, next };
}

/**
 * Sets or removes the caller's e-mail address. Mails a confirmation link to the new address and a notification to the former one if
 * that was verified. The response does not depend on whether another account has the address; that is checked on confirmation.
 * @throws AppError `account_required`, `step_up_required { methods }`, `email_not_allowed`
 */
export async function changeEmail(
  ctx: Ctx<"db" | "now" | "vault" | "mail" | "siteUrl">,
  { email }: ChangeEmailInput,
): Promise<Record<string, never>> {
  memberOnly(ctx);
  await requireRecentAuth(ctx);
  const value = email === null ? null : normaliseEmail(email);
  const { previous, next } = await ctx.db.$transaction((db) => replace(ctx, db, value));
  const language = languageOf(ctx);
  // An unverified address may belong to someone else.
  if (previous?.isVerified && previous !== next) sendEmailChanged(ctx, { to: previous.value, language });
  if (next !== null && !next.isVerified)
    await sendEmailConfirmation(ctx, { userId: next.userId, contactId: next.id, email: next.value, language });
  return {};
}
