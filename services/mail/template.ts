/** The words of one mail. Lines may hold `{name}`; a letter with a button has a link under it. */
export type MailText = { readonly subject: string; readonly lines: readonly string[]; readonly button?: string };

/** What the site says to people outside of it, in one language. */
export type MailTemplates = {
  readonly welcome: MailText;
  readonly confirmEmail: MailText;
  readonly resetPassword: MailText;
  readonly emailChanged: MailText;
  readonly signInChanged: MailText;
  readonly smsPaused: MailText;
  /** Why somebody gets this. */
  readonly footer: string;
  /** Text messages; `{code}` stands for the code. They name the site and hold no link. */
  readonly smsCode: string;
  readonly smsNoAccount: string;
};
