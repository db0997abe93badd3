import { backoffMs, type Random } from "./backoff.ts";

/** Retries by key, such as a room. At most one retry per key is scheduled, and its delay grows with every failure. */
export type Retries = {
  /** Schedules a retry after the next backoff delay and replaces the one scheduled for the key. @returns the delay in ms */
  later(key: string, run: () => void, atLeastMs?: number): number;
  /** Cancels the key's retry and resets its backoff after a response. */
  answered(key: string): void;
};

/**
 * Creates an empty set of retries.
 * @param random randomizes the delays
 */
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
