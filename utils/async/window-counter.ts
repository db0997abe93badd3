export type WindowCounter = {
  /** Adds to the sum of a key in the current window. @returns the new sum */
  add(key: string, amount?: number): number;
  /** Returns the milliseconds until the current window ends. */
  remainingMs(): number;
};

/**
 * Creates a counter of sums per key in fixed windows of `windowMs`. Each window starts with an empty map, so memory is bounded by the keys
 * of one window and no timer is needed. `now` returns milliseconds.
 */
export function createWindowCounter(windowMs: number, now: () => number = () => performance.now()): WindowCounter {
  let current = 0;
  let sums = new Map<string, number>();
  return {
    add(key, amount = 1) {
      const window = Math.floor(now() / windowMs);
      if (window !== current) {
        current = window;
        sums = new Map();
      }
      const sum = (sums.get(key) ?? 0) + amount;
      sums.set(key, sum);
      return sum;
    },
    remainingMs: () => Math.ceil(windowMs - (now() % windowMs)),
  };
}
