import { setTimeout as pause } from "node:timers/promises";
import { createTransport } from "nodemailer";
import pLimit from "p-limit";
import type { Logger } from "winston";
import { createCircuitBreaker } from "../../../utils/async/circuit-breaker.ts";
import { withTimeout } from "../../../utils/async/with-timeout.ts";
import type { Mail, MailPort } from "./port.ts";

const MAX_CONNECTIONS = 2;
const MOST_WAITING = 1_000;
const RETRY_MS = [1_000, 5_000, 30_000] as const;
const CLOSE_MS = 2_000;
/** The total timeout of one mail, however slowly the server responds. */
const SEND_MS = 30_000;
const FAILURES_IN_A_ROW = 3;

export type SmtpOptions = {
  readonly url: string;
  readonly from: string;
  readonly logger: Pick<Logger, "warn">;
  /** The delay before each retry. */
  readonly retryMs?: readonly number[];
  readonly mostWaiting?: number;
};

type Fault = { readonly errorCode: unknown; readonly status: unknown; readonly isFinal: boolean };

/**
 * Returns the parts of an error that may be logged: its message and its command contain addresses. A 5xx is a permanent failure
 * (RFC 5321, 4.2.1).
 */
function faultOf(error: unknown): Fault {
  if (!(error instanceof Error)) return { errorCode: undefined, status: undefined, isFinal: false };
  const status = "responseCode" in error ? error.responseCode : undefined;
  return { errorCode: "code" in error ? error.code : undefined, status, isFinal: typeof status === "number" && status >= 500 };
}

const openTransport = (url: string) =>
  createTransport({
    pool: true,
    url,
    maxConnections: MAX_CONNECTIONS,
    connectionTimeout: 5_000,
    greetingTimeout: 5_000,
    socketTimeout: 15_000,
  });

/**
 * Creates a mail port that sends by SMTP over a small connection pool. Mails wait in a bounded queue in memory; temporary failures are
 * retried. A mail that is given up is logged without its recipient.
 */
export function createSmtp({ url, from, logger, retryMs = RETRY_MS, mostWaiting = MOST_WAITING }: SmtpOptions): MailPort {
  const transport = openTransport(url);
  const limit = pLimit(MAX_CONNECTIONS);
  const pending = new Set<Promise<void>>();
  const stopping = new AbortController();
  const breaker = createCircuitBreaker({ failuresInARow: FAILURES_IN_A_ROW, pauseMs: 0 });

  /** Sends a mail. The recipient is passed as one address, never parsed as a list. */
  const send = ({ to, subject, text, html }: Mail) =>
    transport.sendMail({ from, to: { name: "", address: to }, subject, text, html, headers: { "Auto-Submitted": "auto-generated" } });

  /** Tries to send a mail once. @returns the failure, or null on success */
  const attempt = (mail: Mail): Promise<Fault | null> =>
    limit(async () => {
      const fault = await withTimeout(SEND_MS, () => send(mail), "the mail server").then(() => null, faultOf);
      // A permanent failure concerns this mail only and comes from a working server.
      if (fault === null || fault.isFinal) breaker.succeeded();
      else breaker.failed();
      return fault;
    });

  async function deliver(mail: Mail): Promise<void> {
    let fault = await attempt(mail);
    for (const ms of retryMs) {
      if (fault === null || fault.isFinal || stopping.signal.aborted) break;
      await pause(ms, undefined, { signal: stopping.signal }).catch(() => undefined);
      fault = await attempt(mail);
    }
    if (fault !== null) logger.warn("could not send a mail, giving up", { errorCode: fault.errorCode, status: fault.status });
  }

  return {
    post(mail) {
      if (pending.size >= mostWaiting) return void logger.warn("mail queue is full, dropping a mail");
      const work = deliver(mail).finally(() => pending.delete(work));
      pending.add(work);
    },
    isWorking: breaker.isClosed,
    async close() {
      stopping.abort();
      await Promise.race([Promise.all(pending), pause(CLOSE_MS, undefined, { ref: false })]);
      transport.close();
    },
  };
}
