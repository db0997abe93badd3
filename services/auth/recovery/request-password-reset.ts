import type { RequestPasswordResetInput } from "../../../utils/contract/schemas/accounts.ts";
import { AppError } from "../../../utils/errors.ts";
import { audit } from "../../audit/record.ts";
import { contactOf } from "../../contacts/contacts.ts";
import { sendPasswordReset } from "../../contacts/email/account-mails.ts";
import type { OpenCtx } from "../../context.ts";
import { languageOf } from "../../mail/language.ts";
import { accountRateLimitKey, findAccount } from "../sign-in/verify-credentials.ts";

/**
 * Consumes the account's rate limit. @returns false when it is exceeded; an error would reveal that two identifiers belong to one account
 */
async function consumeLimit({ limits }: OpenCtx<"limits">, key: string): Promise<boolean> {
  try {
    await limits.consume("resetsOfAccount", key);
    return true;
  } catch (error) {
    if (error instanceof AppError && error.code === "rate_limited") return false;
    throw error;
  }
}

/** Mails a link to the account's address, if the account exists and its address is verified. */
async function mailLink(ctx: OpenCtx<"db" | "now" | "keys" | "limits" | "vault" | "mail" | "siteUrl">, identifier: string): Promise<void> {
  const account = await findAccount(ctx, identifier);
  if (!(await consumeLimit(ctx, accountRateLimitKey(ctx, account, identifier)))) return;
  const contact = account?.credential == null ? null : await contactOf(ctx, account.id, "email");
  if (contact === null || !contact.isVerified) return;
  const { id: contactId, userId, value: email } = contact;
  await sendPasswordReset(ctx, { userId, contactId, email, language: languageOf(ctx) });
  await audit({ ...ctx, actor: null }, { action: "password_reset_requested", subjectType: "user", subjectId: userId });
}

/** Responds before any lookup, so that neither the response nor its timing reveals whether the account or its address exists. */
export function requestPasswordReset(
  ctx: OpenCtx<"db" | "now" | "keys" | "limits" | "logger" | "vault" | "mail" | "siteUrl">,
  { identifier }: RequestPasswordResetInput,
): Record<string, never> {
  mailLink(ctx, identifier).catch((error: unknown) =>
    ctx.logger.warn("could not mail a password reset link", { requestId: ctx.requestId, error }),
  );
  return {};
}
