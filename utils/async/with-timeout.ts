import { AppError } from "../errors.ts";

/** A countdown that can be paused. */
export type PausableTimer = { start(): void; stop(): void };

function createPausableTimer(ms: number, onEnd: () => void): PausableTimer {
  let left = ms;
  let startedAt = 0;
  let timer: NodeJS.Timeout | undefined;
  return {
    start() {
      startedAt = performance.now();
      timer = setTimeout(onEnd, left);
    },
    stop() {
      clearTimeout(timer);
      left -= performance.now() - startedAt;
    },
  };
}

/** The cause of an `unavailable` error: an operation exceeded its timeout. The message names the operation, for the log. */
export class TimeoutError extends Error {
  constructor(what: string, ms: number) {
    super(`${what} took longer than ${Math.round(ms)} ms`);
    this.name = "TimeoutError";
  }
}

/**
 * Waits for an operation until its timeout. The operation itself continues and its late result is dropped. `what` names it in the log.
 * @throws AppError `unavailable { retryAfterMs }` caused by a `TimeoutError`
 */
export async function withTimeout<Value>(
  ms: number,
  work: (countdown: PausableTimer) => Promise<Value> | Value,
  what = "a call",
): Promise<Value> {
  let expire = (): void => undefined;
  const late = new Promise<never>((_, reject) => {
    expire = () => reject(new AppError("unavailable", { retryAfterMs: 1_000 }, { cause: new TimeoutError(what, ms) }));
  });
  const countdown = createPausableTimer(ms, expire);
  countdown.start();
  try {
    return await Promise.race([work(countdown), late]);
  } finally {
    countdown.stop();
  }
}
