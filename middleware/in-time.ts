import type { Request } from "express";
import { limits } from "../utils/contract/limits.ts";
import { type Countdown, within } from "../utils/within.ts";

/** What the server may take for itself, so that an answer arrives within `limits.ackMs`. */
export const ANSWER_MS = limits.ackMs - 500;

declare global {
  namespace Express {
    interface Request {
      /** How long this call has waited for the server's own parts. What the caller takes to send its body is not in it. */
      waitedMs?: number;
      /** The time of the part that is waited for now. */
      countdown?: Countdown;
    }
  }
}

/**
 * Waits for a part of a call as long as the whole call still may.
 * @throws AppError `unavailable` when the time is over
 */
export async function inTime<Value>(req: Request, work: () => Promise<Value> | Value): Promise<Value> {
  const { waitedMs = 0 } = req;
  const startedAt = performance.now();
  try {
    return await within(ANSWER_MS - waitedMs, (countdown) => {
      req.countdown = countdown;
      return work();
    });
  } finally {
    req.waitedMs = waitedMs + performance.now() - startedAt;
  }
}

/** Waits for something that has a bound of its own, in time that is not the call's. */
export async function offTheClock<Value>({ countdown }: Request, wait: () => Promise<Value>): Promise<Value> {
  countdown?.stop();
  try {
    return await wait();
  } finally {
    countdown?.start();
  }
}
