import type { Logger } from "winston";
import { z } from "zod";
import { createCircuitBreaker } from "../../../utils/async/circuit-breaker.ts";
import type { Clock } from "../../../utils/clock.ts";
import type { HookConfig } from "../../../utils/config.ts";
import { newId } from "../../../utils/ids.ts";
import type { Metrics } from "../../../utils/metrics.ts";
import { postSigned, webhookFault } from "../../adapters/webhook/post.ts";

const FAILURES_IN_A_ROW = 5;
const PAUSE_MS = 10_000;
/** The maximum number of concurrent requests. Further messages count as messages without a verdict. */
const MOST_AT_ONCE = 50;
const REASON_CHARACTERS = 200;

const answer = z.object({
  outcome: z.enum(["allow", "hold", "block"]),
  reason: z
    .string()
    .transform((text) => text.trim().slice(0, REASON_CHARACTERS))
    .nullish(),
});

/** The answer of the classifier: `reason` is shown to the author of a message that it blocks. */
export type Verdict = { readonly outcome: "allow" | "hold" | "block"; readonly reason: string | null };

/** A message that has not been sent yet. */
export type SubmittedMessage = {
  readonly roomId: string;
  readonly text: string;
  readonly languageCode: string | null;
  readonly author: { readonly id: string; readonly kind: string };
};

/** The outside classifier of messages. */
export type MessageHook = {
  readonly audience: HookConfig["audience"];
  /**
   * Returns the verdict about a message, at the latest after the configured timeout. Without one, it is the configured outcome: `allow`, or
   * `hold` if messages must not be sent without a verdict. Never rejects.
   */
  verdict(message: SubmittedMessage): Promise<Verdict>;
};

type Options = HookConfig & {
  readonly now: Clock;
  readonly logger: Pick<Logger, "warn">;
  readonly metrics: Pick<Metrics, "hookVerdicts">;
};

class InvalidAnswer extends Error {}

function parse(text: string): Verdict {
  try {
    const { outcome, reason } = answer.parse(JSON.parse(text));
    return { outcome, reason: reason || null };
  } catch {
    throw new InvalidAnswer();
  }
}

const describe = (error: unknown): ReturnType<typeof webhookFault> =>
  error instanceof InvalidAnswer ? { reason: "The answer is not a verdict." } : webhookFault(error);

/** Creates the client of the classifier. While it fails, one message per 10 s is submitted, and the others get no verdict at once. */
export function createMessageHook(options: Options): MessageHook {
  const { audience, onFailure, now, logger, metrics } = options;
  const breaker = createCircuitBreaker({ failuresInARow: FAILURES_IN_A_ROW, pauseMs: PAUSE_MS });
  const withoutVerdict: Verdict = { outcome: onFailure === "open" ? "allow" : "hold", reason: null };
  let pending = 0;

  async function ask(message: SubmittedMessage): Promise<Verdict> {
    const moment = now();
    const payload = { id: newId(), type: "message", sentAt: moment.toISOString(), message };
    return parse(await postSigned(options, payload, moment));
  }

  async function tryAsking(message: SubmittedMessage): Promise<Verdict> {
    try {
      const verdict = await ask(message);
      breaker.succeeded();
      metrics.hookVerdicts.inc({ outcome: verdict.outcome });
      return verdict;
    } catch (error) {
      breaker.failed();
      metrics.hookVerdicts.inc({ outcome: "failed" });
      logger.warn("the message classifier gave no verdict", { ...describe(error), limitBy: "message classifier" });
      return withoutVerdict;
    }
  }

  return {
    audience,
    async verdict(message) {
      if (pending >= MOST_AT_ONCE || !breaker.mayTry()) {
        metrics.hookVerdicts.inc({ outcome: "skipped" });
        return withoutVerdict;
      }
      pending += 1;
      return tryAsking(message).finally(() => {
        pending -= 1;
      });
    },
  };
}
