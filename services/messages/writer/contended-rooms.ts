import pLimit from "p-limit";
import { isLockTimeout } from "./commit-errors.ts";
import { MAX_BATCH, type PendingWrite } from "./pending-writes.ts";

/** How many locked rooms may be waited for at the same time; each uses one connection of the writer's pool. */
export const CONTENDED_CONNECTIONS = 3;

/** How long a draft waits for its room before its sender gets `unavailable`, in ms: less than the 5 s in which a send must be answered. */
const MAX_WAIT_MS = 4_000;

/** Drafts of rooms that are locked by another transaction. */
export type ContendedRooms = {
  has(roomId: string): boolean;
  /** Returns the number of waiting drafts in all rooms. */
  size(): number;
  /** Queues a draft behind the waiting ones of its room. Until the last one is settled, no other queue may write to the room. */
  add(item: PendingWrite): void;
  /** Resolves when no draft is waiting. */
  idle(): Promise<void>;
};

type Options = {
  /**
   * Commits drafts of one room, waiting for its lock, and settles them. @throws the database's error when the lock was not available in
   * time
   */
  write: (batch: readonly PendingWrite[]) => Promise<void>;
  /** Rejects drafts that were not written. */
  reject: (batch: readonly PendingWrite[], error: unknown) => void;
};

/**
 * Writes to locked rooms in parallel with the main queue, each room in its own queue and in the order of its drafts, so that a locked room
 * delays no other room.
 */
export function createContendedRooms({ write, reject }: Options): ContendedRooms {
  const rooms = new Map<string, PendingWrite[]>();
  const running = new Set<Promise<void>>();
  const limit = pLimit(CONTENDED_CONNECTIONS);

  /** Takes the first drafts of a room; those that have waited too long are rejected. */
  function take(waiting: PendingWrite[]): PendingWrite[] {
    const batch = waiting.splice(0, MAX_BATCH);
    const expired = batch.filter(({ since }) => performance.now() - since > MAX_WAIT_MS);
    if (expired.length > 0) reject(expired, new Error("The room was locked for too long."));
    return batch.filter((item) => !expired.includes(item));
  }

  async function attempt(waiting: PendingWrite[]): Promise<void> {
    const batch = take(waiting);
    if (batch.length === 0) return;
    try {
      await write(batch);
    } catch (error) {
      if (isLockTimeout(error)) waiting.unshift(...batch);
      else reject(batch, error);
    }
  }

  async function serve(roomId: string, waiting: PendingWrite[]): Promise<void> {
    while (waiting.length > 0) await limit(() => attempt(waiting));
    rooms.delete(roomId);
  }

  return {
    has: (roomId) => rooms.has(roomId),
    size: () => [...rooms.values()].reduce((sum, waiting) => sum + waiting.length, 0),
    add(item) {
      const { roomId } = item.draft;
      const known = rooms.get(roomId);
      if (known !== undefined) return void known.push(item);
      const waiting = [item];
      rooms.set(roomId, waiting);
      const work = serve(roomId, waiting).finally(() => running.delete(work));
      running.add(work);
    },
    async idle() {
      while (running.size > 0) await Promise.all(running);
    },
  };
}
