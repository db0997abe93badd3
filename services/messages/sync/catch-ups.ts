import type pg from "pg";
import { createBatchingCache } from "../../../utils/async/batching-cache.ts";
import { createSharedReads } from "../../../utils/async/shared-reads.ts";
import { createWorkQueue, type WorkQueue, type WorkQueueLimits } from "../../../utils/async/work-queue.ts";
import { limits } from "../../../utils/contract/limits.ts";
import { timeouts } from "../../../utils/contract/timeouts.ts";
import { type Changes, readChanges, readHeads, readNewest } from "../queries.ts";
import { changesIn, covers, createWindows, type Range, type Window } from "./change-windows.ts";
import { partOf, shareList } from "./list-text.ts";

/**
 * The reads of clients that join a room or catch up with it. After an outage all clients request them at once; therefore they run in a
 * separate queue, which leaves the other connections to other calls, and clients who need the same data share one read. A result covers
 * everything that was committed before the call. It is shared and must not be changed.
 */
export type CatchUps = {
  /**
   * Returns all changes of a range up to the room's latest number; null when there are more than `limit` numbers, or when `afterSeq` is
   * ahead of the room.
   */
  toHead(range: Range): Promise<Changes | null>;
  /** Returns the oldest changes of a range, at most `limit`. */
  page(range: Range): Promise<Changes>;
  /** Returns the latest messages of a room. */
  newest(roomId: string): Promise<Changes>;
  /** Runs another read of a client that catches up, which is not shared. */
  readonly run: WorkQueue;
  /** Invalidates the cached reads, because a user's name or role changed: messages contain these, and such changes have no number. */
  invalidate(): void;
};

/** Limits of the queue; no read waits longer than the whole call may take. */
const QUEUE: WorkQueueLimits = { running: 4, waiting: 2_000, waitMs: timeouts.callMs };

/** Reads the latest messages, for all clients that share the read. */
async function readPageOfNewest(pool: pg.Pool, roomId: string): Promise<Changes> {
  const changes = await readNewest(pool, { roomId, limit: limits.snapshotMessages });
  return { ...changes, messages: partOf(shareList(changes.messages), 0, changes.messages.length) };
}

/** Creates the reads of one node. */
export function createCatchUps({ pool, epoch }: { pool: pg.Pool; epoch: () => string }): CatchUps {
  const run = createWorkQueue(QUEUE);
  const share = createSharedReads(run);
  const heads = createBatchingCache({ load: (roomIds) => readHeads(pool, roomIds), freshMs: 0 });
  const windows = createWindows(pool, epoch);

  async function windowFor({ roomId, afterSeq }: Range, head: number): Promise<Window> {
    const known = windows.find(roomId);
    if (known !== undefined && covers(known, { afterSeq, head })) return known;
    const cancelRequest = windows.request(roomId, { afterSeq, head });
    return share(`window ${roomId}`, () => windows.read(roomId)).finally(cancelRequest);
  }

  return {
    async toHead(range) {
      const head = (await heads.get(range.roomId)) ?? 0;
      const { afterSeq, limit } = range;
      if (head < afterSeq || head - afterSeq > limit) return null;
      if (head === afterSeq) return { messages: [], head, lastSeq: head, hasMore: false };
      const window = await windowFor(range, head);
      // The room has advanced too far meanwhile, or the database was restored with an older history.
      if (!covers(window, { afterSeq, head })) return null;
      const changes = changesIn(window, range);
      return changes.hasMore ? null : changes;
    },
    page: (range) => share(`page ${range.roomId} ${range.afterSeq} ${range.limit}`, () => readChanges(pool, range)),
    newest: (roomId) => share(`newest ${roomId}`, () => readPageOfNewest(pool, roomId)),
    run,
    invalidate: windows.forget,
  };
}
