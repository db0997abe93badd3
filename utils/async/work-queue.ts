import pLimit from "p-limit";
import { AppError } from "../errors.ts";

export type WorkQueueLimits = {
  /** The maximum number of tasks that run at once. */
  readonly running: number;
  /** The maximum number of tasks in the queue, and how long each may wait. */
  readonly waiting: number;
  readonly waitMs: number;
};

/** Runs a task from the queue. @throws AppError `unavailable { retryAfterMs }` if the queue is full, or if the task waited too long */
export type WorkQueue = <Result>(work: () => Promise<Result>) => Promise<Result>;

const RETRY_MS = 1_000;

/** Returns an error with a random retry delay, so that callers that were rejected together do not retry together. */
const busy = (): AppError => new AppError("unavailable", { retryAfterMs: RETRY_MS + Math.round(Math.random() * RETRY_MS) });

/** Creates a bounded FIFO queue. Tasks that waited too long are not started. */
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
