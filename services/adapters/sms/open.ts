import type { Logger } from "winston";
import type { Config } from "../../../utils/config.ts";
import type { Outbox } from "../dev-message-sink.ts";
import type { SmsPort } from "./port.ts";
import { createTwilio } from "./twilio.ts";

type Options = { readonly outbox: Outbox | null; readonly logger: Logger };

/** Creates the SMS port of the configured provider; returns null if there is none. In development messages are also logged. */
export function openSms({ sms, mode }: Pick<Config, "sms" | "mode">, { outbox, logger }: Options): SmsPort | null {
  if (sms?.provider === "twilio") return createTwilio({ ...sms, logger });
  if (sms?.provider !== "outbox" || outbox === null) return null;
  return {
    async send(message) {
      outbox.put({ channel: "sms", ...message });
      if (mode === "development") logger.info(`outbox: a text message to ${message.to}: ${message.text}`);
    },
    isWorking: () => true,
  };
}
