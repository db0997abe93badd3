import { backoffMs, type Random } from "./backoff.ts";

/** Retries of several things, such as rooms: at most one is due for each, and its wait grows with every failure. */
export type Retries = {
  /** Runs something again after the next wait, in place of what was due for the key. @returns the wait in ms */
  later(key: string, run: () => void, atLeastMs?: number): number;
  /** An answer came: nothing is due, and the next failure is the first one again. */
  answered(key: string): void;
};

/** @param random spreads the retries of many clients */
export function createRetries(random: Random): Retries {
  const failures = new Map<string, number>();
  const timers = new Map<string, ReturnType<typeof setTimeout>>();

  const drop = (key: string): void => {
    clearTimeout(timers.get(key));
    timers.delete(key);
  };

  return {
    later: (key, run, atLeastMs = 0) => {
      const count = failures.get(key) ?? 0;
      const waitMs = backoffMs(count, { atLeastMs, random });
      drop(key);
      failures.set(key, count + 1);
      timers.set(
        key,
        setTimeout(() => {
          timers.delete(key);
          run();
        }, waitMs),
      );
      return waitMs;
    },
    answered: (key) => {
      drop(key);
      failures.delete(key);
    },
  };
}
