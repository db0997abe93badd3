import pLimit from "p-limit";
import { AppError } from "../../utils/errors.ts";

export type QueueLimits = {
  /** How many searches run at once: they must leave connections for other calls. */
  readonly running: number;
  /** How many searches may wait, and for how long. */
  readonly waiting: number;
  readonly waitMs: number;
};

const defaults: QueueLimits = { running: 4, waiting: 200, waitMs: 2_000 };

/** Returns the error of a search that was not executed, as opposed to one without results. */
export const searchBusy = (): AppError => new AppError("unavailable", { retryAfterMs: 1_000 });

/**
 * Creates a queue for searches. `run` starts the work when a slot is free.
 * @throws AppError `unavailable` when too many are waiting, when the wait was too long, and when the client has disconnected meanwhile
 */
export function createSearchQueue({ running, waiting, waitMs }: QueueLimits = defaults) {
  const limit = pLimit(running);
  return async function run<Result>(work: () => Promise<Result>, signal?: AbortSignal): Promise<Result> {
    if (limit.pendingCount >= waiting) throw searchBusy();
    const queuedAt = performance.now();
    return limit(async () => {
      if (signal?.aborted === true || performance.now() - queuedAt > waitMs) throw searchBusy();
      return work();
    });
  };
}
