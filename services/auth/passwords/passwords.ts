import { createHash } from "node:crypto";
import { availableParallelism } from "node:os";
import bcrypt from "bcrypt";
import pLimit from "p-limit";
import { withTimeout } from "../../../utils/async/with-timeout.ts";
import { timeouts } from "../../../utils/contract/timeouts.ts";
import { AppError } from "../../../utils/errors.ts";
import { type BcryptThread, createBcryptThread } from "./bcrypt-thread.ts";

/** Turns passwords into hashes and compares them, a few at a time. */
export type Passwords = {
  /** @throws AppError `unavailable { retryAfterMs }` when too many wait already */
  hash(password: string): Promise<string>;
  /**
   * Whether a password is the one of a hash. Without a hash it takes the same time and says no.
   * @throws AppError `unavailable { retryAfterMs }` when too many wait already
   */
  matches(password: string, hash: string | null): Promise<boolean>;
  /**
   * Turns a caller away before any other work is done for them.
   * @throws AppError `unavailable { retryAfterMs }` when too many wait already
   */
  checkRoom(): void;
  /** Whether a hash was made at another cost than today's. */
  isOutdated(hash: string): boolean;
  /** Ends when what is at work is done; who still waits is told `unavailable`. */
  close(): Promise<void>;
};

export type PasswordOptions = { readonly cost: number; readonly mostWaiting?: number; readonly longestWaitMs?: number };

/** A hash of nothing anybody can type: it only takes the time. */
const decoyOf = (cost: number): string => bcrypt.hashSync(createHash("sha256").update(String(Math.random())).digest("base64"), cost);

/**
 * What bcrypt gets: it reads 72 bytes and stops at a zero, so it is given a digest. The digest is not a plain one, so that
 * lists of plain ones are of no use against it. Passwords are compared by NFKC (NIST SP 800-63B, 5.1.1.2).
 */
const digestOf = (password: string): string =>
  createHash("sha256")
    .update(`chatroom password:${password.normalize("NFKC")}`)
    .digest("base64");

/** bcrypt runs in threads that step back before the event loop, so that they may be more than the cores it leaves idle. */
const AT_ONCE = Math.max(2, Math.floor(availableParallelism() / 2));

/** A hash at cost 12 takes 0.2 s of a quiet core: so many are done in time even where two threads share their cores with a busy chat. */
const MOST_WAITING = 64 * AT_ONCE;

/** One hash takes well under a second. A thread that takes this long hangs and is replaced. */
const WORK_MS = 10_000;

const busy = (): AppError => new AppError("unavailable", { retryAfterMs: 2_000 });

/**
 * bcrypt in a queue that is bounded in number and in time. Waiting in line is fairer than being sent away to try one's luck; but
 * without the second bound a crowd would keep the cores at work whose results come too late for everybody.
 */
export function createPasswords({
  cost,
  mostWaiting = MOST_WAITING,
  longestWaitMs = timeouts.passwordQueueMs,
}: PasswordOptions): Passwords {
  const queue = pLimit(AT_ONCE);
  const threads = Array.from({ length: AT_ONCE }, createBcryptThread);
  const idle = [...threads];
  const decoy = decoyOf(cost);
  const checkRoom = (): void => {
    if (queue.pendingCount >= mostWaiting) throw busy();
  };
  let isClosed = false;
  const run = (job: Parameters<BcryptThread["run"]>[0]): Promise<unknown> => {
    checkRoom();
    const cameAt = performance.now();
    return queue(async () => {
      if (isClosed || performance.now() - cameAt > longestWaitMs) throw busy();
      const thread = idle.pop();
      if (thread === undefined) throw new Error("More passwords are at work than there are threads.");
      try {
        return await withTimeout(WORK_MS, () => thread.run(job), "hashing a password");
      } catch (error) {
        // It may still be at work; the next job starts it afresh.
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
      const isRight = await run({ text: digestOf(password), hash: hash ?? decoy });
      return isRight === true && hash !== null;
    },
    isOutdated: (hash) => bcrypt.getRounds(hash) !== cost,
    async close() {
      isClosed = true;
      // In their turn: after all who wait were sent away, and what is at work is done.
      await Promise.all(threads.map(() => queue(() => idle.pop()?.close())));
    },
  };
}
