import type { Logger } from "winston";
import type { Config } from "../../../utils/config.ts";
import type { Outbox } from "../dev-message-sink.ts";
import type { MailPort } from "./port.ts";
import { createSmtp } from "./smtp.ts";

type Options = { readonly outbox: Outbox | null; readonly logger: Logger };

/** Creates the mail port of the configured provider; returns null if there is none. In development mails are also logged. */
export function openMail({ mail, mode }: Pick<Config, "mail" | "mode">, { outbox, logger }: Options): MailPort | null {
  if (mail?.provider === "smtp") return createSmtp({ ...mail, logger });
  if (mail?.provider !== "outbox" || outbox === null) return null;
  return {
    post({ to, subject, text, code }) {
      outbox.put({ channel: "mail", to, text, ...(code !== undefined && { code }) });
      if (mode === "development") logger.info(`outbox: a mail to ${to}: ${subject} | ${text.replace(/\s+/g, " ").trim()}`);
    },
    close: async () => undefined,
    isWorking: () => true,
  };
}
