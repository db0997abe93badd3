import { merged } from "../../../../utils/client/rooms/message-list.ts";
import type { RoomLog } from "../../../../utils/client/rooms/room-log.ts";
import type { LiveMessageDto, MessageDto } from "../../../../utils/contract/schemas/messages.ts";

/** A part of a room's history that is shown apart from the newest messages. Both bounds are included; 0 is the beginning. */
export type HistoryWindow = { readonly floor: number; readonly ceiling: number; readonly items: readonly MessageDto[] };

/** A page of history, newest first, and whether there is more in the requested direction. */
export type HistoryPage = { items: readonly LiveMessageDto[]; hasMore: boolean };

const newest = (items: readonly MessageDto[]): number => items.reduce((high, one) => Math.max(high, one.seq), 0);
const oldest = (items: readonly MessageDto[]): number => items.reduce((low, one) => Math.min(low, one.seq), Number.MAX_SAFE_INTEGER);

/** Returns the history window for the page around a message; null if there are no messages. */
export function historyAround({ items, hasMore }: HistoryPage): HistoryWindow | null {
  if (items.length === 0) return null;
  return { floor: hasMore ? oldest(items) : 0, ceiling: newest(items), items: merged([], items, { floor: 0 }) };
}

export function withOlder(past: HistoryWindow, { items, hasMore }: HistoryPage): HistoryWindow {
  const floor = hasMore && items.length > 0 ? oldest(items) : 0;
  return { ...past, floor, items: merged(past.items, items, { floor }) };
}

export function withNewer(past: HistoryWindow, { items }: HistoryPage): HistoryWindow {
  return { ...past, ceiling: Math.max(past.ceiling, newest(items)), items: merged(past.items, items, { floor: past.floor }) };
}

/**
 * Applies edits and deletions to a history window, including replies to messages outside of it. Returns the same window if nothing in it
 * changes.
 */
export function withChanges(past: HistoryWindow, changes: readonly MessageDto[]): HistoryWindow {
  const items = merged(past.items, changes, past);
  return items === past.items ? past : { ...past, items };
}

/** Whether a history window reaches the loaded newest messages. */
export const meets = (past: HistoryWindow, log: RoomLog): boolean => log.floor <= past.ceiling;

/** Merges a history window and the newest messages into one list without gaps. */
export const joinedWith = (past: HistoryWindow, log: RoomLog): RoomLog => ({
  ...log,
  floor: Math.min(past.floor, log.floor),
  items: merged(past.items, log.items, { floor: Math.min(past.floor, log.floor) }),
});
