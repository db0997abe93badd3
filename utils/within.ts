import { AppError } from "./errors.ts";

/** The time of some work, which can be stopped for a while. */
export type Countdown = { start(): void; stop(): void };

function createCountdown(ms: number, onEnd: () => void): Countdown {
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

/**
 * Waits for work, but only so long; the work itself goes on and its late result is dropped.
 * @throws AppError `unavailable` when the time is over
 */
export async function within<Value>(ms: number, work: (countdown: Countdown) => Promise<Value> | Value): Promise<Value> {
  let giveUp = (): void => undefined;
  const late = new Promise<never>((_, reject) => {
    giveUp = () => reject(new AppError("unavailable", { retryAfterMs: 1_000 }));
  });
  const countdown = createCountdown(ms, giveUp);
  countdown.start();
  try {
    return await Promise.race([work(countdown), late]);
  } finally {
    countdown.stop();
  }
}
