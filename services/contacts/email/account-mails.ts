import type { SpokenLanguage } from "../../../utils/text/languages.ts";
import type { Services } from "../../context.ts";
import { renderMail } from "../../mail/render-mail.ts";
import { mailTemplates } from "../../mail/templates/index.ts";
import { issueMailToken, type MailTokenOwner } from "./mail-tokens.ts";

type Post = Pick<Services, "mail" | "siteUrl">;
type PostWithToken = Post & Pick<Services, "db" | "now">;

/** Mails a welcome message to a new user, without waiting for delivery. */
export function sendWelcome({ mail, siteUrl }: Post, { to, name, language }: { to: string; name: string; language: SpokenLanguage }): void {
  mail?.post(renderMail({ to, name, language, words: mailTemplates[language].welcome, link: siteUrl }));
}

/** The recipient of a link. `email` is in normal form. */
export type LinkReceiver = MailTokenOwner & { readonly email: string; readonly language: SpokenLanguage };

type Link = {
  readonly purpose: "verify_email" | "reset_password";
  readonly letter: "confirmEmail" | "resetPassword";
  readonly page: string;
};

async function sendLink(ctx: PostWithToken, { userId, contactId, email, language }: LinkReceiver, link: Link): Promise<void> {
  if (ctx.mail === null) return;
  const code = await issueMailToken(ctx, { purpose: link.purpose, userId, contactId });
  // A URL fragment is not sent to servers, so the token appears in no log and no Referer header.
  const address = `${ctx.siteUrl}/${link.page}#${code}`;
  ctx.mail.post(renderMail({ to: email, language, words: mailTemplates[language][link.letter], link: address, code }));
}

/** Mails a link that verifies an e-mail address. Call it after the contact is committed. */
export const sendEmailConfirmation = (ctx: PostWithToken, receiver: LinkReceiver): Promise<void> =>
  sendLink(ctx, receiver, { purpose: "verify_email", letter: "confirmEmail", page: "verify-email" });

/** Mails a link to set a new password. */
export const sendPasswordReset = (ctx: PostWithToken, receiver: LinkReceiver): Promise<void> =>
  sendLink(ctx, receiver, { purpose: "reset_password", letter: "resetPassword", page: "reset-password" });

type Notice = { readonly to: string; readonly language: SpokenLanguage };

/** Notifies a former address that it was replaced, so that the owner can react to an unauthorized change. */
export function sendEmailChanged({ mail, siteUrl }: Post, { to, language }: Notice): void {
  mail?.post(renderMail({ to, language, words: mailTemplates[language].emailChanged, link: siteUrl }));
}

/** Notifies a user that their second factor, recovery codes or passkeys changed. */
export function sendSignInChanged({ mail, siteUrl }: Post, { to, language }: Notice): void {
  mail?.post(renderMail({ to, language, words: mailTemplates[language].signInChanged, link: siteUrl }));
}

/** Notifies an admin that text messages are paused. */
export function sendSmsPaused({ mail, siteUrl }: Post, { to, language }: Notice): void {
  mail?.post(renderMail({ to, language, words: mailTemplates[language].smsPaused, link: siteUrl }));
}
