/** A mail as plain text and HTML. `code` is the token in its link, for the development outbox. */
export type Mail = { readonly to: string; readonly subject: string; readonly text: string; readonly html: string; readonly code?: string };

/** Sends mails asynchronously: callers do not wait, and failures are retried and then logged. */
export type MailPort = {
  post(mail: Mail): void;
  /** Whether the provider accepted the last messages; false after several consecutive failures. */
  isWorking(): boolean;
  /** Waits briefly for pending mails and closes the connections. */
  close(): Promise<void>;
};
