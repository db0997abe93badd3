import type { Request } from "express";
import { type PausableTimer, withTimeout } from "../utils/async/with-timeout.ts";
import { timeouts } from "../utils/contract/timeouts.ts";

/** The server's share of `limits.ackMs`, so that a response arrives within that time. */
export const RESPONSE_TIMEOUT_MS = timeouts.callMs;

declare global {
  namespace Express {
    interface Request {
      /** How long this call has waited for the server, in ms. The time in which the client sends its body does not count. */
      waitedMs?: number;
      /** The timer of the current part; `mayStop` if the operation may take longer than `RESPONSE_TIMEOUT_MS` in total. */
      clock?: { readonly countdown: PausableTimer; readonly mayStop: boolean } | undefined;
    }
  }
}

/**
 * Runs a part of a call within the remaining deadline of the whole call. A nested part uses the timer of the outer one.
 * @param timeoutMs the maximum including paused time; `RESPONSE_TIMEOUT_MS` if nothing may pause the deadline
 * @throws AppError `unavailable` when the deadline is exceeded
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

/** Waits for something that has its own timeout. If the operation's timeout allows it, that time does not count against the deadline. */
export async function pauseDeadline<Value>({ clock }: Request, wait: () => Promise<Value>): Promise<Value> {
  if (clock?.mayStop !== true) return wait();
  clock.countdown.stop();
  try {
    return await wait();
  } finally {
    clock.countdown.start();
  }
}
