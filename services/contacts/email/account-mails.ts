import type { SpokenLanguage } from "../../../utils/text/languages.ts";
import type { Services } from "../../context.ts";
import { renderMail } from "../../mail/render-mail.ts";
import { mailTemplates } from "../../mail/templates/index.ts";
import { issueMailToken, type MailTokenOwner } from "./mail-tokens.ts";

type Post = Pick<Services, "mail" | "siteUrl">;
type PostWithToken = Post & Pick<Services, "db" | "now">;

/** Welcomes somebody new. Nobody waits for it. */
export function sendWelcome({ mail, siteUrl }: Post, { to, name, language }: { to: string; name: string; language: SpokenLanguage }): void {
  mail?.post(renderMail({ to, name, language, words: mailTemplates[language].welcome, link: siteUrl }));
}

/** Who a link goes to. `email` is in its normal form. */
export type LinkReceiver = MailTokenOwner & { readonly email: string; readonly language: SpokenLanguage };

type Link = {
  readonly purpose: "verify_email" | "reset_password";
  readonly letter: "confirmEmail" | "resetPassword";
  readonly page: string;
};

async function sendLink(ctx: PostWithToken, { userId, contactId, email, language }: LinkReceiver, link: Link): Promise<void> {
  if (ctx.mail === null) return;
  const code = await issueMailToken(ctx, { purpose: link.purpose, userId, contactId });
  // In the fragment a token reaches no server's log and no other site.
  const address = `${ctx.siteUrl}/${link.page}#${code}`;
  ctx.mail.post(renderMail({ to: email, language, words: mailTemplates[language][link.letter], link: address, code }));
}

/** Mails a link by which somebody confirms that an address is theirs. To be called when the contact is committed. */
export const sendEmailConfirmation = (ctx: PostWithToken, receiver: LinkReceiver): Promise<void> =>
  sendLink(ctx, receiver, { purpose: "verify_email", letter: "confirmEmail", page: "verify-email" });

/** Mails a link by which somebody sets a new password. */
export const sendPasswordReset = (ctx: PostWithToken, receiver: LinkReceiver): Promise<void> =>
  sendLink(ctx, receiver, { purpose: "reset_password", letter: "resetPassword", page: "reset-password" });

type Notice = { readonly to: string; readonly language: SpokenLanguage };

/** Tells a former address that it is one no more, so that who did not do it can act. */
export function sendEmailChanged({ mail, siteUrl }: Post, { to, language }: Notice): void {
  mail?.post(renderMail({ to, language, words: mailTemplates[language].emailChanged, link: siteUrl }));
}

/** Tells somebody that their second factor, their recovery codes or their passkeys are other ones now. */
export function sendSignInChanged({ mail, siteUrl }: Post, { to, language }: Notice): void {
  mail?.post(renderMail({ to, language, words: mailTemplates[language].signInChanged, link: siteUrl }));
}

/** Tells somebody who runs the site that text messages are paused. */
export function sendSmsPaused({ mail, siteUrl }: Post, { to, language }: Notice): void {
  mail?.post(renderMail({ to, language, words: mailTemplates[language].smsPaused, link: siteUrl }));
}
