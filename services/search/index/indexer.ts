import { performance } from "node:perf_hooks";
import type pg from "pg";
import { BATCH, type Indexed, indexBacklog, indexRooms, sortIn } from "./index-changes.ts";
import { TokenizeError, type Tokenizer, tokenizer } from "./tokenizer.ts";

/** Keeps the index of messages at what they are; a room is told to it when something changed there. */
export type SearchIndexer = {
  /** Remembers that a room changed. Costs nothing. */
  enqueue(roomId: string): void;
  /** Indexes what is due, as long as it may. To be called again and again. */
  work(): Promise<void>;
};

/** Rooms that changed without being told of here: on a node that died, or by other hands. */
const BEHIND_ROOMS = `
  SELECT r.id FROM rooms r LEFT JOIN search_progress p ON p.room_id = r.id WHERE r.last_seq > coalesce(p.seq, 0) ORDER BY r.id LIMIT 1000`;

const LOOK_AROUND_MS = 10_000;

/**
 * How long one call may work, and how many changes it takes at once: while the process has time to spare, and while it has not.
 * Talk goes first, search catches up.
 */
const SHARE = { idle: { workMs: 150, changes: BATCH.changes }, busy: { workMs: 20, changes: 100 } } as const;

/** How long of that may be spent on old messages: nobody waits for them. */
const OLD_MS = 50;

/** The share of its time that the event loop was at work, from which on the process counts as busy. */
const BUSY = 0.7;

/** Rooms that are remembered; others are found by looking for rooms that are behind. */
const DUE_MAX = 10_000;

/**
 * Creates the indexer of one node. Texts are analysed in the tokenizer's thread. When that fails, the next transactions index one room, two,
 * four and so on, and the rooms that failed come last, so that a message that makes the thread fail delays few rooms beside its own.
 */
export function createSearchIndexer(pool: pg.Pool, tokens: Tokenizer = tokenizer): SearchIndexer {
  const due = new Set<string>();
  let roomsAtOnce: number = BATCH.rooms;
  let lookedAroundAt = Number.NEGATIVE_INFINITY;
  let usage = performance.eventLoopUtilization();

  async function lookAround(): Promise<void> {
    if (performance.now() - lookedAroundAt < LOOK_AROUND_MS) return;
    lookedAroundAt = performance.now();
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

  async function indexSome(roomIds: readonly string[], changes: number): Promise<Indexed> {
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
      const indexed = await indexSome(takeDue(), atOnce);
      for (const id of indexed.left) due.add(id);
      changes += indexed.changes;
      roomsAtOnce = Math.min(BATCH.rooms, 2 * roomsAtOnce);
      // Rooms that another node works at are left to the next call.
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
    await lookAround();
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
