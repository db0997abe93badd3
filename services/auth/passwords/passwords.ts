import { createHash } from "node:crypto";
import { availableParallelism } from "node:os";
import bcrypt from "bcrypt";
import pLimit from "p-limit";
import { withTimeout } from "../../../utils/async/with-timeout.ts";
import { timeouts } from "../../../utils/contract/timeouts.ts";
import { AppError } from "../../../utils/errors.ts";
import { type BcryptThread, createBcryptThread } from "./bcrypt-thread.ts";

/** Hashes and compares passwords with bounded concurrency. */
export type Passwords = {
  /** Hashes a password. @throws AppError `unavailable { retryAfterMs }` when the queue is full */
  hash(password: string): Promise<string>;
  /**
   * Returns whether a password matches a hash. Without a hash it takes the same time and returns false.
   * @throws AppError `unavailable { retryAfterMs }` when the queue is full
   */
  matches(password: string, hash: string | null): Promise<boolean>;
  /**
   * Rejects a request early if the queue is full, before any other work is done for it.
   * @throws AppError `unavailable { retryAfterMs }` when the queue is full
   */
  checkRoom(): void;
  /** Returns whether a hash was made at a cost other than the current one. */
  isOutdated(hash: string): boolean;
  /** Rejects queued jobs with `unavailable` and resolves when the running ones are done. */
  close(): Promise<void>;
};

export type PasswordOptions = { readonly cost: number; readonly mostWaiting?: number; readonly longestWaitMs?: number };

/** Returns a hash that no password matches; it only makes unknown accounts take the same time. */
const randomHash = (cost: number): string => bcrypt.hashSync(createHash("sha256").update(String(Math.random())).digest("base64"), cost);

/**
 * Returns the input of bcrypt, which reads 72 bytes and stops at a zero byte, so it gets a digest. The digest is prefixed, so that leaked
 * lists of plain digests cannot be used against it. Passwords are compared by NFKC (NIST SP 800-63B, 5.1.1.2).
 */
const digestOf = (password: string): string =>
  createHash("sha256")
    .update(`chatroom password:${password.normalize("NFKC")}`)
    .digest("base64");

/** The number of threads. They run at a lower priority than the event loop, so they need not be limited to idle cores. */
const THREADS = Math.max(2, Math.floor(availableParallelism() / 2));

/**
 * The maximum queue length. A hash at cost 12 takes 0.2 s of an idle core: this many finish before the timeout even where two threads
 * share their cores with a busy chat.
 */
const MOST_WAITING = 64 * THREADS;

/** The timeout of one hash, which takes well under a second. A thread that takes this long hangs and is replaced. */
const WORK_MS = 10_000;

const busy = (): AppError => new AppError("unavailable", { retryAfterMs: 2_000 });

/**
 * Creates the bcrypt queue, which is bounded in length and in waiting time. Queueing is fairer than rejecting and letting clients retry;
 * without the time limit an overload would keep the cores busy with hashes whose requests have already timed out.
 */
export function createPasswords({
  cost,
  mostWaiting = MOST_WAITING,
  longestWaitMs = timeouts.passwordQueueMs,
}: PasswordOptions): Passwords {
  const queue = pLimit(THREADS);
  const threads = Array.from({ length: THREADS }, createBcryptThread);
  const idle = [...threads];
  const dummyHash = randomHash(cost);
  const checkRoom = (): void => {
    if (queue.pendingCount >= mostWaiting) throw busy();
  };
  let isClosed = false;
  const run = (job: Parameters<BcryptThread["run"]>[0]): Promise<unknown> => {
    checkRoom();
    const queuedAt = performance.now();
    return queue(async () => {
      if (isClosed || performance.now() - queuedAt > longestWaitMs) throw busy();
      const thread = idle.pop();
      if (thread === undefined) throw new Error("No idle password thread is available.");
      try {
        return await withTimeout(WORK_MS, () => thread.run(job), "hashing a password");
      } catch (error) {
        // The thread may still be busy; the next job restarts it.
        await thread.close();
        throw error;
      } finally {
        idle.push(thread);
      }
    });
  };
  return {
    checkRoom,
    hash: async (password) => String(await run({ text: digestOf(password), cost })),
    async matches(password, hash) {
      const isRight = await run({ text: digestOf(password), hash: hash ?? dummyHash });
      return isRight === true && hash !== null;
    },
    isOutdated: (hash) => bcrypt.getRounds(hash) !== cost,
    async close() {
      isClosed = true;
      // Closing is queued too: waiting jobs are rejected and running ones finish first.
      await Promise.all(threads.map(() => queue(() => idle.pop()?.close())));
    },
  };
}
