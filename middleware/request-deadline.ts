import type { Request } from "express";
import { type PausableTimer, withTimeout } from "../utils/async/with-timeout.ts";
import { timeouts } from "../utils/contract/timeouts.ts";

/** What the server may take for itself, so that an answer arrives within `limits.ackMs`. */
export const RESPONSE_TIMEOUT_MS = timeouts.callMs;

declare global {
  namespace Express {
    interface Request {
      /** How long this call has waited for the server's own parts. What the caller takes to send its body is not in it. */
      waitedMs?: number;
      /** The time of the part that is waited for now; `mayStop` where the operation may wait for more than `ANSWER_MS` in all. */
      clock?: { readonly countdown: PausableTimer; readonly mayStop: boolean } | undefined;
    }
  }
}

/**
 * Waits for a part of a call as long as the whole call still may. A part within another one is on the clock of that one.
 * @param timeoutMs the most it may take together with what is off the clock; `ANSWER_MS` where nothing is
 * @throws AppError `unavailable` when the time is over
 */
export async function withinDeadline<Value>(
  req: Request,
  work: () => Promise<Value> | Value,
  timeoutMs = RESPONSE_TIMEOUT_MS,
): Promise<Value> {
  if (req.clock !== undefined) return work();
  const { waitedMs = 0 } = req;
  const startedAt = performance.now();
  const mayStop = timeoutMs > RESPONSE_TIMEOUT_MS;
  const what = `${req.method} ${req.baseUrl}${req.path}`;
  const onTheClock = () =>
    withTimeout(
      RESPONSE_TIMEOUT_MS - waitedMs,
      (countdown) => {
        req.clock = { countdown, mayStop };
        return work();
      },
      what,
    );
  try {
    return await (mayStop ? withTimeout(timeoutMs - waitedMs, onTheClock, what) : onTheClock());
  } finally {
    req.clock = undefined;
    req.waitedMs = waitedMs + performance.now() - startedAt;
  }
}

/** Waits for something that has a bound of its own. Where the operation's timeout allows it, that time is not charged to the call. */
export async function pauseDeadline<Value>({ clock }: Request, wait: () => Promise<Value>): Promise<Value> {
  if (clock?.mayStop !== true) return wait();
  clock.countdown.stop();
  try {
    return await wait();
  } finally {
    clock.countdown.start();
  }
}
