/** A mail, plain and as HTML. `code` is what its link carries, for the outbox of development. */
export type Mail = { readonly to: string; readonly subject: string; readonly text: string; readonly html: string; readonly code?: string };

/** Takes mails and sends them in its own time: nobody waits for it, and a failure is tried again and then logged. */
export type MailPort = {
  post(mail: Mail): void;
  /** Whether the provider took what it was given last; false after several failures in a row. */
  isWorking(): boolean;
  /** Sends what is under way, for a moment, and stops. */
  close(): Promise<void>;
};
