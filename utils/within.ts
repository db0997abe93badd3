import { AsyncLocalStorage } from "node:async_hooks";
import { AppError } from "./errors.ts";

type Countdown = { start(): void; stop(): void };

const countdowns = new AsyncLocalStorage<Countdown>();

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
export async function within<Value>(ms: number, work: () => Promise<Value> | Value): Promise<Value> {
  let giveUp = (): void => undefined;
  const late = new Promise<never>((_, reject) => {
    giveUp = () => reject(new AppError("unavailable", { retryAfterMs: 1_000 }));
  });
  const countdown = createCountdown(ms, giveUp);
  countdown.start();
  try {
    return await Promise.race([countdowns.run(countdown, work), late]);
  } finally {
    countdown.stop();
  }
}

/** Stops the countdown of the work that this is a part of, for a wait that has a bound of its own. */
export async function offTheClock<Value>(wait: () => Promise<Value>): Promise<Value> {
  const countdown = countdowns.getStore();
  countdown?.stop();
  try {
    return await wait();
  } finally {
    countdown?.start();
  }
}
