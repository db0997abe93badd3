/** The text of one mail. Lines may contain `{name}`; a mail with a button has a link. */
export type MailText = { readonly subject: string; readonly lines: readonly string[]; readonly button?: string };

/** The texts of mails and text messages in one language. */
export type MailTemplates = {
  readonly welcome: MailText;
  readonly confirmEmail: MailText;
  readonly resetPassword: MailText;
  readonly emailChanged: MailText;
  readonly signInChanged: MailText;
  readonly smsPaused: MailText;
  /** The reason why the recipient gets this mail. */
  readonly footer: string;
  /** Text messages; `{code}` is replaced by the code. They name the site and contain no link. */
  readonly smsCode: string;
  readonly smsNoAccount: string;
};
