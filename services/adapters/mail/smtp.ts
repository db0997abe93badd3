import { setTimeout as pause } from "node:timers/promises";
import { createTransport } from "nodemailer";
import pLimit from "p-limit";
import type { Logger } from "winston";
import type { Mail, MailPort } from "./port.ts";

const AT_ONCE = 2;
const MOST_WAITING = 1_000;
const RETRY_MS = [1_000, 5_000, 30_000] as const;
const CLOSE_MS = 2_000;

export type SmtpOptions = {
  readonly url: string;
  readonly from: string;
  readonly logger: Pick<Logger, "warn">;
  /** How long to wait before each further try. */
  readonly retryMs?: readonly number[];
  readonly mostWaiting?: number;
};

type Fault = { readonly errorCode: unknown; readonly status: unknown; readonly isFinal: boolean };

/** What may be said of a failure: its message and its command hold addresses. A 5xx is the server's last word (RFC 5321, 4.2.1). */
function faultOf(error: unknown): Fault {
  if (!(error instanceof Error)) return { errorCode: undefined, status: undefined, isFinal: false };
  const status = "responseCode" in error ? error.responseCode : undefined;
  return { errorCode: "code" in error ? error.code : undefined, status, isFinal: typeof status === "number" && status >= 500 };
}

const openTransport = (url: string) =>
  createTransport({ pool: true, url, maxConnections: AT_ONCE, connectionTimeout: 5_000, greetingTimeout: 5_000, socketTimeout: 15_000 });

/**
 * Sends mails by SMTP over a few lines that stay open. They wait in memory, a bounded number of them; what fails for a reason that
 * may pass is tried again. What is given up is logged, without saying to whom it was.
 */
export function createSmtp({ url, from, logger, retryMs = RETRY_MS, mostWaiting = MOST_WAITING }: SmtpOptions): MailPort {
  const transport = openTransport(url);
  const line = pLimit(AT_ONCE);
  const underWay = new Set<Promise<void>>();
  const stopping = new AbortController();

  /** The receiver is one address, never a list to be read. @returns what went wrong; null for nothing */
  const attempt = ({ to, subject, text, html }: Mail): Promise<Fault | null> =>
    line(() =>
      transport
        .sendMail({ from, to: { name: "", address: to }, subject, text, html, headers: { "Auto-Submitted": "auto-generated" } })
        .then(() => null, faultOf),
    );

  async function deliver(mail: Mail): Promise<void> {
    let fault = await attempt(mail);
    for (const ms of retryMs) {
      if (fault === null || fault.isFinal || stopping.signal.aborted) break;
      await pause(ms, undefined, { signal: stopping.signal }).catch(() => undefined);
      fault = await attempt(mail);
    }
    if (fault !== null) logger.warn("a mail could not be sent and was given up", { errorCode: fault.errorCode, status: fault.status });
  }

  return {
    post(mail) {
      if (underWay.size >= mostWaiting) return void logger.warn("too many mails are waiting; one was dropped");
      const work = deliver(mail).finally(() => underWay.delete(work));
      underWay.add(work);
    },
    async close() {
      stopping.abort();
      await Promise.race([Promise.all(underWay), pause(CLOSE_MS, undefined, { ref: false })]);
      transport.close();
    },
  };
}
