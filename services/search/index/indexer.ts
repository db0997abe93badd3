import { performance } from "node:perf_hooks";
import type pg from "pg";
import { BATCH, type Indexed, indexBacklog, indexRooms, sortIn } from "./index-changes.ts";
import { TokenizeError, type Tokenizer, tokenizer } from "./tokenizer.ts";

/** Keeps the message index up to date; a room is enqueued when something changed there. */
export type SearchIndexer = {
  /** Enqueues a changed room. Costs almost nothing. */
  enqueue(roomId: string): void;
  /** Indexes enqueued rooms within its time limit. To be called regularly. */
  work(): Promise<void>;
};

/** Rooms that changed without being enqueued here: on a node that died, or by other means. */
const BEHIND_ROOMS = `
  SELECT r.id FROM rooms r LEFT JOIN search_progress p ON p.room_id = r.id WHERE r.last_seq > coalesce(p.seq, 0) ORDER BY r.id LIMIT 1000`;

const POLL_MS = 10_000;

/**
 * How long one call may work, in ms, and how many changes it indexes at once: when the process is idle, and when it is busy. Messages have
 * priority, search catches up.
 */
const SHARE = { idle: { workMs: 150, changes: BATCH.changes }, busy: { workMs: 20, changes: 100 } } as const;

/** How much of that may be spent on the backlog, in ms: old messages are not urgent. */
const OLD_MS = 50;

/** The event loop utilization from which on the process counts as busy. */
const BUSY = 0.7;

/** The maximum number of enqueued rooms; others are found by querying for rooms that are behind. */
const DUE_MAX = 10_000;

/**
 * Creates the indexer of one node. Texts are analysed in the tokenizer's thread. When that fails, the next transactions index one room,
 * two, four and so on, and the failed rooms come last, so that a message that makes the thread fail delays few rooms besides its own.
 */
export function createSearchIndexer(pool: pg.Pool, tokens: Tokenizer = tokenizer): SearchIndexer {
  const due = new Set<string>();
  let roomsAtOnce: number = BATCH.rooms;
  let polledAt = Number.NEGATIVE_INFINITY;
  let usage = performance.eventLoopUtilization();

  async function pollRooms(): Promise<void> {
    if (performance.now() - polledAt < POLL_MS) return;
    polledAt = performance.now();
    const { rows } = await pool.query<{ id: string }>({ name: "search-behind", text: BEHIND_ROOMS });
    for (const { id } of rows) enqueue(id);
  }

  function enqueue(roomId: string): void {
    if (due.size < DUE_MAX) due.add(roomId);
  }

  function takeDue(): string[] {
    const roomIds: string[] = [];
    for (const id of due) {
      if (roomIds.length >= roomsAtOnce) break;
      roomIds.push(id);
    }
    for (const id of roomIds) due.delete(id);
    return roomIds;
  }

  async function indexBatch(roomIds: readonly string[], changes: number): Promise<Indexed> {
    try {
      return await indexRooms(pool, roomIds, { changes, tokens });
    } catch (error) {
      for (const id of roomIds) due.add(id);
      if (error instanceof TokenizeError) roomsAtOnce = 1;
      throw error;
    }
  }

  async function indexDue(until: number, atOnce: number): Promise<number> {
    let changes = 0;
    while (due.size > 0) {
      const indexed = await indexBatch(takeDue(), atOnce);
      for (const id of indexed.left) due.add(id);
      changes += indexed.changes;
      roomsAtOnce = Math.min(BATCH.rooms, 2 * roomsAtOnce);
      // Rooms that another node has locked are left to the next call.
      const isLeftToOthers = indexed.changes === 0 && indexed.left.length > 0;
      if (performance.now() > until || isLeftToOthers) break;
    }
    return changes;
  }

  async function work(): Promise<void> {
    const now = performance.eventLoopUtilization();
    const isBusy = performance.eventLoopUtilization(now, usage).utilization > BUSY;
    usage = now;
    const share = isBusy ? SHARE.busy : SHARE.idle;
    const until = performance.now() + share.workMs;
    await pollRooms();
    let changes = await indexDue(until, share.changes);
    const untilOld = Math.min(until, performance.now() + OLD_MS);
    while (performance.now() < untilOld) {
      const old = await indexBacklog(pool, tokens);
      if (old === null) break;
      changes += old;
    }
    if (changes > 0) await sortIn(pool);
  }

  return { enqueue, work };
}
