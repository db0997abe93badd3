import type { SupportedLanguage } from "../../../utils/text/languages.ts";
import type { Services } from "../../context.ts";
import { renderMail } from "../../mail/render-mail.ts";
import { mailTemplates } from "../../mail/templates/index.ts";
import { issueMailToken, type MailTokenOwner } from "./mail-tokens.ts";

type Post = Pick<Services, "mail" | "siteUrl">;
type PostWithToken = Post & Pick<Services, "db" | "now">;

/** Mails a welcome message to a new user, without waiting for delivery. */
export function sendWelcome(
  { mail, siteUrl }: Post,
  { to, name, language }: { to: string; name: string; language: SupportedLanguage },
): void {
  mail?.post(renderMail({ to, name, language, template: mailTemplates[language].welcome, link: siteUrl }));
}

/** The recipient of a link. `email` is in normal form. */
export type LinkRecipient = MailTokenOwner & { readonly email: string; readonly language: SupportedLanguage };

type Link = {
  readonly purpose: "verify_email" | "reset_password";
  readonly template: "confirmEmail" | "resetPassword";
  readonly page: string;
};

async function sendLink(ctx: PostWithToken, { userId, contactId, email, language }: LinkRecipient, link: Link): Promise<void> {
  if (ctx.mail === null) return;
  const code = await issueMailToken(ctx, { purpose: link.purpose, userId, contactId });
  // A URL fragment is not sent to servers, so the token appears in no log and no Referer header.
  const address = `${ctx.siteUrl}/${link.page}#${code}`;
  ctx.mail.post(renderMail({ to: email, language, template: mailTemplates[language][link.template], link: address, code }));
}

/** Mails a link that verifies an e-mail address. Call it after the contact is committed. */
export const sendEmailConfirmation = (ctx: PostWithToken, recipient: LinkRecipient): Promise<void> =>
  sendLink(ctx, recipient, { purpose: "verify_email", template: "confirmEmail", page: "verify-email" });

/** Mails a link to set a new password. */
export const sendPasswordReset = (ctx: PostWithToken, recipient: LinkRecipient): Promise<void> =>
  sendLink(ctx, recipient, { purpose: "reset_password", template: "resetPassword", page: "reset-password" });

type Recipient = { readonly to: string; readonly language: SupportedLanguage };

/** Notifies a former address that it was replaced, so that the owner can react to an unauthorized change. */
export function sendEmailChanged({ mail, siteUrl }: Post, { to, language }: Recipient): void {
  mail?.post(renderMail({ to, language, template: mailTemplates[language].emailChanged, link: siteUrl }));
}

/** Notifies a user that their second factor, recovery codes or passkeys changed. */
export function sendSignInChanged({ mail, siteUrl }: Post, { to, language }: Recipient): void {
  mail?.post(renderMail({ to, language, template: mailTemplates[language].signInChanged, link: siteUrl }));
}

/** Notifies an admin that text messages are paused. */
export function sendSmsPaused({ mail, siteUrl }: Post, { to, language }: Recipient): void {
  mail?.post(renderMail({ to, language, template: mailTemplates[language].smsPaused, link: siteUrl }));
}
