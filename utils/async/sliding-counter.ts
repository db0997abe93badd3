import { LRUCache } from "lru-cache";

/** Counts events per key within a window. Keeps at most `threshold` times per key, and at most `maxKeys` keys. */
export type SlidingCounter = {
  /** Records an event. @returns whether the threshold was reached within the window; the count then starts again */
  add(key: string, at: number): boolean;
};

/** Creates a counter. A threshold that is not a finite number is never reached, and nothing is kept. */
export function createSlidingCounter({ threshold, windowMs, maxKeys = 1_000 }: { threshold: number; windowMs: number; maxKeys?: number }) {
  const times = new LRUCache<string, number[]>({ maxSize: maxKeys, sizeCalculation: () => 1 });
  const counter: SlidingCounter = {
    add(key, at) {
      if (!Number.isFinite(threshold)) return false;
      const recent = (times.get(key) ?? []).filter((time) => time > at - windowMs);
      recent.push(at);
      const isReached = recent.length >= threshold;
      times.set(key, isReached ? [] : recent);
      return isReached;
    },
  };
  return counter;
}
