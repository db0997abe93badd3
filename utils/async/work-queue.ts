import pLimit from "p-limit";
import { AppError } from "../errors.ts";

export type WorkQueueLimits = {
  /** How many pieces of work run at once. */
  readonly running: number;
  /** How many may wait for their turn, and for how long. */
  readonly waiting: number;
  readonly waitMs: number;
};

/** Runs work when its turn comes. @throws AppError `unavailable { retryAfterMs }` when too many wait already, or when the wait was too long */
export type WorkQueue = <Result>(work: () => Promise<Result>) => Promise<Result>;

const RETRY_MS = 1_000;

/** Asks each caller to come back at another moment within a second, so that those who were rejected together do not return together. */
const busy = (): AppError => new AppError("unavailable", { retryAfterMs: RETRY_MS + Math.round(Math.random() * RETRY_MS) });

/** Creates a bounded queue, first in, first out. Work whose turn comes too late is not started. */
export function createWorkQueue({ running, waiting, waitMs }: WorkQueueLimits): WorkQueue {
  const limit = pLimit(running);
  return async (work) => {
    if (limit.activeCount >= running && limit.pendingCount >= waiting) throw busy();
    const queuedAt = performance.now();
    return limit(async () => {
      if (performance.now() - queuedAt > waitMs) throw busy();
      return work();
    });
  };
}
