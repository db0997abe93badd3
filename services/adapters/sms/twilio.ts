import type { Logger } from "winston";
import { createCircuitBreaker } from "../../../utils/async/circuit-breaker.ts";
import { withTimeout } from "../../../utils/async/with-timeout.ts";
import type { TwilioAccount } from "../../../utils/config.ts";
import { AppError } from "../../../utils/errors.ts";
import type { Sms, SmsPort } from "./port.ts";

/** The timeout of one send. The caller waits for it and must get a response within 5 s. */
const LIMIT_MS = 3_500;
const RETRY_MS = 30_000;
const FAILURES_IN_A_ROW = 3;
/** The maximum number of concurrent requests to the provider. */
const MOST_AT_ONCE = 50;

/**
 * Twilio's error codes for numbers that can never receive texts: invalid or not mobile, a disabled country, unreachable, or opted out.
 * See https://www.twilio.com/docs/api/errors.
 */
const NOT_ALLOWED: ReadonlySet<unknown> = new Set([21211, 21214, 21217, 21408, 21610, 21612, 21614]);

export type TwilioOptions = TwilioAccount & { readonly logger: Pick<Logger, "warn">; readonly limitMs?: number };

/** Creates the client. The library is large and most installations send no texts, so it is imported on demand. */
async function openClient({ accountSid, authToken, apiUrl, limitMs = LIMIT_MS }: TwilioOptions) {
  const { default: twilio } = await import("twilio");
  class Client extends twilio.RequestClient {
    override request: InstanceType<typeof twilio.RequestClient>["request"] = (options) => {
      const requested = new URL(options.uri);
      const uri = apiUrl === undefined ? requested.href : new URL(requested.pathname + requested.search, apiUrl).href;
      return super.request({ ...options, uri, timeout: limitMs });
    };
  }
  return twilio(accountSid, authToken, { httpClient: new Client({ timeout: limitMs }), lazyLoading: true });
}

/** Returns the parts of an error that may be logged: the library's message and request both contain the number. */
function faultOf(error: unknown): { code: unknown; status: unknown } {
  if (!(error instanceof Error)) return { code: undefined, status: undefined };
  return { code: "code" in error ? error.code : undefined, status: "status" in error ? error.status : undefined };
}

/**
 * Creates an SMS port for Twilio's Programmable Messaging that sends from a number or through a messaging service (its id begins with
 * MG). While the provider fails, one message per 30 s is tried and the others are rejected immediately.
 */
export function createTwilio(options: TwilioOptions): SmsPort {
  const { from, logger, limitMs = LIMIT_MS } = options;
  const client = openClient(options);
  // The first caller gets the error; until then the rejection must not count as unhandled.
  client.catch(() => undefined);
  const sender = from.startsWith("MG") ? { messagingServiceSid: from } : { from };
  const breaker = createCircuitBreaker({ failuresInARow: FAILURES_IN_A_ROW, pauseMs: RETRY_MS });
  let pending = 0;

  async function post({ to, text }: Sms): Promise<void> {
    const { messages } = await client;
    // Some responses arrive slowly in parts: the timeout covers the whole request.
    await withTimeout(limitMs, () => messages.create({ to, body: text, ...sender }), "the SMS provider");
  }

  return {
    isWorking: breaker.isClosed,
    async send(sms: Sms): Promise<void> {
      if (pending >= MOST_AT_ONCE || !breaker.mayTry()) throw new AppError("sms_unavailable", { retryAfterMs: RETRY_MS });
      pending += 1;
      try {
        await post(sms);
        breaker.succeeded();
      } catch (error) {
        const { code, status } = faultOf(error);
        if (NOT_ALLOWED.has(code)) {
          breaker.succeeded();
          throw new AppError("phone_not_allowed");
        }
        breaker.failed();
        logger.warn("the SMS provider did not accept a text message", { errorCode: code, status });
        throw new AppError("sms_unavailable", { retryAfterMs: RETRY_MS });
      } finally {
        pending -= 1;
      }
    },
  };
}
