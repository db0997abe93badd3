import { AppError } from "../errors.ts";

/**
 * Runs tasks with the same key one after the other, and tasks with different keys concurrently.
 * @throws AppError `unavailable { retryAfterMs }` if too many tasks are waiting for the key
 */
export type KeyedMutex = <Result>(key: string, work: () => Promise<Result>) => Promise<Result>;

type Queue = { waiting: number; last: Promise<unknown> };

const MOST_WAITING = 1_000;

/** Creates a keyed mutex whose queues hold at most `mostWaiting` tasks each. */
export function createKeyedMutex(mostWaiting = MOST_WAITING): KeyedMutex {
  const queues = new Map<string, Queue>();
  return async (key, work) => {
    const queue = queues.get(key) ?? { waiting: 0, last: Promise.resolve() };
    if (queue.waiting > mostWaiting) throw new AppError("unavailable", { retryAfterMs: 1_000 });
    // A failure of the previous task is reported to its own caller.
    const result = queue.last.then(work, work);
    queue.last = result;
    queue.waiting += 1;
    queues.set(key, queue);
    try {
      return await result;
    } finally {
      queue.waiting -= 1;
      if (queue.waiting === 0) queues.delete(key);
    }
  };
}
