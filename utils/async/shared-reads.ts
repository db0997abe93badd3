import { createKeyedMutex } from "./keyed-mutex.ts";
import type { WorkQueue } from "./work-queue.ts";

/** Reads a value once for all callers that request the same key before the read begins. */
export type SharedReads = <Result>(key: string, read: () => Promise<Result>) => Promise<Result>;

/**
 * Creates shared reads that run in a queue: at most one per key at a time. Callers that arrive while one is in progress share the next, so
 * that a result is never older than the call. All reads of one key must have the same result type.
 */
export function createSharedReads(queue: WorkQueue): SharedReads {
  const exclusive = createKeyedMutex();
  const waiting = new Map<string, Promise<unknown>>();
  return <Result>(key: string, read: () => Promise<Result>): Promise<Result> => {
    const known = waiting.get(key) as Promise<Result> | undefined;
    if (known !== undefined) return known;
    const leave = (): void => {
      if (waiting.get(key) === reading) waiting.delete(key);
    };
    const begin = (): Promise<Result> => {
      leave();
      return read();
    };
    const reading: Promise<Result> = exclusive(key, () => queue(begin)).finally(leave);
    waiting.set(key, reading);
    return reading;
  };
}
