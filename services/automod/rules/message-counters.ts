import { LRUCache } from "lru-cache";
import type { Clock } from "../../../utils/clock.ts";

/** The times of the latest messages under one key, in a ring. */
type Ring = { readonly times: number[]; next: number };

/** How many times are kept on one node; beyond that, the keys that were counted longest ago are forgotten. */
const MAX_TIMES = 500_000;

/** Counts messages on this node. */
type MessageCounters = {
  /** Counts a message under a key. @returns whether it is more than `threshold` within the last `windowMs` */
  exceeds(key: string, limit: { readonly threshold: number; readonly windowMs: number }): boolean;
};

/** Creates the counters. Each node counts the messages that it receives. */
export function createMessageCounters(now: Clock): MessageCounters {
  const rings = new LRUCache<string, Ring>({ maxSize: MAX_TIMES, sizeCalculation: ({ times }) => times.length });
  return {
    exceeds(key, { threshold, windowMs }) {
      let ring = rings.get(key);
      if (ring === undefined || ring.times.length !== threshold) {
        ring = { times: new Array<number>(threshold).fill(Number.NEGATIVE_INFINITY), next: 0 };
        rings.set(key, ring);
      }
      const at = now().getTime();
      const oldest = ring.times[ring.next] ?? Number.NEGATIVE_INFINITY;
      ring.times[ring.next] = at;
      ring.next = (ring.next + 1) % threshold;
      return oldest > at - windowMs;
    },
  };
}
