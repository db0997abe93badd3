import type pg from "pg";
import { limits } from "../../../utils/contract/limits.ts";
import type { MessageDto } from "../../../utils/contract/schemas/messages.ts";
import { type Changes, readChanges } from "../queries.ts";
import { partOf, type SharedList, shareList } from "./list-text.ts";

/** The changes of a room after a number. */
export type Range = { readonly roomId: string; readonly afterSeq: number; readonly limit: number };

/** How long a read of changes may serve later clients, if the room did not change, in ms. */
const KEEP_MS = 2_000;

/** How much text may be cached for all rooms, in UTF-16 units. */
const MOST_KEPT_UNITS = 32_000_000;

/** The approximate size of a message without its text. */
const MESSAGE_UNITS = 500;

/** How many numbers a room may advance while a read waits, without truncating the read before the latest number. */
const MARGIN = 200;

/** All changes in (afterSeq, lastSeq], oldest first; with `hasMore` the room has further changes after them. */
export type Window = Pick<Changes, "lastSeq" | "hasMore"> & {
  readonly list: SharedList;
  readonly epoch: string;
  readonly afterSeq: number;
  /** `performance.now()` before its oldest part was read. */
  readonly readAt: number;
  readonly units: number;
};

/** The combined range of the clients that wait for a room's next read. */
type RequestedRange = { afterSeq: number; head: number };

const unitsOf = (messages: readonly MessageDto[]): number =>
  messages.reduce((sum, message) => sum + MESSAGE_UNITS + ("text" in message ? message.text.length : 0), 0);

/** Returns the index of the first message that changed after a number. */
function indexAfter(messages: readonly MessageDto[], seq: number): number {
  let from = 0;
  let to = messages.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((messages[middle]?.changedSeq ?? 0) > seq) to = middle;
    else from = middle + 1;
  }
  return from;
}

/** Returns the part of a window that one client requested. */
export function changesIn(window: Window, { afterSeq, limit }: Range): Changes {
  const all = window.list.messages;
  const from = indexAfter(all, afterSeq);
  const messages = partOf(window.list, from, from + limit);
  const hasMore = window.hasMore || all.length - from > limit;
  const lastSeq = hasMore ? (messages.at(-1)?.changedSeq ?? afterSeq) : window.lastSeq;
  return { messages, head: window.lastSeq, hasMore, lastSeq };
}

/** The windows that later clients may share. */
function createKept(epoch: () => string) {
  /** Ordered from oldest to newest. */
  const windows = new Map<string, Window>();
  let units = 0;

  function evict(roomId: string): void {
    units -= windows.get(roomId)?.units ?? 0;
    windows.delete(roomId);
  }

  function evictLater(roomId: string, { readAt }: Window): void {
    const evictIfSame = (): void => {
      if (windows.get(roomId)?.readAt === readAt) evict(roomId);
    };
    setTimeout(evictIfSame, KEEP_MS - (performance.now() - readAt)).unref();
  }

  return {
    get(roomId: string): Window | undefined {
      const window = windows.get(roomId);
      return window !== undefined && window.epoch === epoch() && performance.now() - window.readAt < KEEP_MS ? window : undefined;
    },
    put(roomId: string, window: Window): void {
      evict(roomId);
      windows.set(roomId, window);
      units += window.units;
      for (const oldest of windows.keys()) {
        if (units <= MOST_KEPT_UNITS) break;
        evict(oldest);
      }
      evictLater(roomId, window);
    },
    clear(): void {
      windows.clear();
      units = 0;
    },
  };
}

/** Whether a window contains the whole requested range. */
export const covers = (window: Window, { afterSeq, head }: RequestedRange): boolean =>
  window.afterSeq <= afterSeq && window.lastSeq >= head;

/**
 * Creates the windows of all rooms: per room, one read covers the ranges of all waiting clients, and serves later clients within 2 s, if
 * the room did not change.
 */
export function createWindows(pool: pg.Pool, epoch: () => string) {
  const kept = createKept(epoch);
  const requested = new Map<string, RequestedRange>();
  let generation = 0;

  async function readWhole(roomId: string, afterSeq: number): Promise<Window> {
    const found = { epoch: epoch(), afterSeq, readAt: performance.now() };
    const { messages, lastSeq, hasMore } = await readChanges(pool, { roomId, afterSeq, limit: limits.syncMessages + MARGIN });
    return { ...found, lastSeq, hasMore, list: shareList(messages), units: unitsOf(messages) };
  }

  /**
   * Reads only the changes after a window. Null if these include more than new messages: a change of an older message may affect others in
   * the window, such as replies to it.
   */
  async function extend(roomId: string, window: Window, need: RequestedRange): Promise<Window | null> {
    const { messages, hasMore, lastSeq } = await readChanges(pool, { roomId, afterSeq: window.lastSeq, limit: MARGIN });
    if (hasMore || messages.some((message) => message.seq <= window.lastSeq || message.deletedAt !== null)) return null;
    const afterSeq = Math.max(window.afterSeq, Math.min(need.afterSeq, lastSeq - limits.syncMessages - MARGIN));
    const known = window.list.messages;
    const list = shareList([...known.slice(indexAfter(known, afterSeq)), ...messages]);
    return { ...window, afterSeq, lastSeq, list, units: window.units + unitsOf(messages) };
  }

  return {
    find: kept.get,
    /** Extends the range of a room's next read. @returns a function that undoes this if the read was rejected */
    request(roomId: string, { afterSeq, head }: RequestedRange): () => void {
      const others = requested.get(roomId) ?? { afterSeq, head };
      const all = { afterSeq: Math.min(afterSeq, others.afterSeq), head: Math.max(head, others.head) };
      requested.set(roomId, all);
      return () => {
        if (requested.get(roomId) === all) requested.delete(roomId);
      };
    },
    /** Returns a window for all callers that requested one of this room. */
    async read(roomId: string): Promise<Window> {
      const need = requested.get(roomId) ?? { afterSeq: 0, head: 0 };
      requested.delete(roomId);
      const began = generation;
      const known = kept.get(roomId);
      if (known !== undefined && covers(known, need)) return known;
      const isExtensible = known !== undefined && known.afterSeq <= need.afterSeq && known.lastSeq >= need.afterSeq;
      const window = (isExtensible ? await extend(roomId, known, need) : null) ?? (await readWhole(roomId, need.afterSeq));
      if (began === generation && !window.hasMore) kept.put(roomId, window);
      return window;
    },
    forget(): void {
      generation += 1;
      kept.clear();
    },
  };
}
