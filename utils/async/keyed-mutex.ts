import { AppError } from "../errors.ts";

/**
 * Runs one piece of work after the other for each key, and those of different keys side by side.
 * @throws AppError `unavailable { retryAfterMs }` when too much waits for the key already
 */
export type KeyedMutex = <Result>(key: string, work: () => Promise<Result>) => Promise<Result>;

type Turn = { waiting: number; last: Promise<unknown> };

const MOST_WAITING = 1_000;

/** Creates a keyed mutex whose queues hold at most `mostWaiting` pieces of work each. */
export function createKeyedMutex(mostWaiting = MOST_WAITING): KeyedMutex {
  const turns = new Map<string, Turn>();
  return async (key, work) => {
    const turn = turns.get(key) ?? { waiting: 0, last: Promise.resolve() };
    if (turn.waiting > mostWaiting) throw new AppError("unavailable", { retryAfterMs: 1_000 });
    // The failure of the work before is reported to its own caller.
    const mine = turn.last.then(work, work);
    turn.last = mine;
    turn.waiting += 1;
    turns.set(key, turn);
    try {
      return await mine;
    } finally {
      turn.waiting -= 1;
      if (turn.waiting === 0) turns.delete(key);
    }
  };
}
