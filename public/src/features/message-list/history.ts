import { merged } from "../../../../utils/client/rooms/message-list.ts";
import type { RoomLog } from "../../../../utils/client/rooms/room-log.ts";
import type { LiveMessageDto, MessageDto } from "../../../../utils/contract/schemas/messages.ts";

/** A part of a room's history that is looked at apart from the newest messages. Both ends are held; 0 is the beginning. */
export type HistoryWindow = { readonly floor: number; readonly ceiling: number; readonly items: readonly MessageDto[] };

/** A page of history, newest first, and whether it goes on in the direction asked. */
export type HistoryPage = { items: readonly LiveMessageDto[]; hasMore: boolean };

const newest = (items: readonly MessageDto[]): number => items.reduce((high, one) => Math.max(high, one.seq), 0);
const oldest = (items: readonly MessageDto[]): number => items.reduce((low, one) => Math.min(low, one.seq), Number.MAX_SAFE_INTEGER);

/** What the page around a message shows of the past; null where there is nothing any more. */
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

/** Edits and deletions reach what is looked at, replies to a message beyond its ends included. The same past when nothing in it changes. */
export function withChanges(past: HistoryWindow, news: readonly MessageDto[]): HistoryWindow {
  const items = merged(past.items, news, past);
  return items === past.items ? past : { ...past, items };
}

/** Whether the past has reached what is held of the present. */
export const meets = (past: HistoryWindow, log: RoomLog): boolean => log.floor <= past.ceiling;

/** Past and present in one list without holes. */
export const joinedWith = (past: HistoryWindow, log: RoomLog): RoomLog => ({
  ...log,
  floor: Math.min(past.floor, log.floor),
  items: merged(past.items, log.items, { floor: Math.min(past.floor, log.floor) }),
});
