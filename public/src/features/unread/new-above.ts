import { isLive, placeAt, type RoomLog } from "../../../../utils/client/rooms/room-log.ts";
import { limits } from "../../../../utils/contract/limits.ts";
import type { MessageDto } from "../../../../utils/contract/schemas/messages.ts";
import { currentUser } from "../session/session.ts";
import { readingOf } from "./unread.ts";

/** An open room as far as counting needs it. */
type CountedRoom = { readonly roomId: string; readonly log: { peek(): RoomLog } };

/** How many messages are new: all of them, or as many as are known. */
export type NewAbove = { readonly count: number; readonly isAll: boolean };

export const nothingNew: NewAbove = { count: 0, isAll: true };

/** Counts the messages of others after a number. */
export const othersAfter = (items: readonly MessageDto[], seq: number): number =>
  items.slice(placeAt(items, seq + 1)).filter((one) => isLive(one) && one.author.id !== currentUser.value?.id).length;

/**
 * Counts what is new in a room after a number. The server counts up to a limit and its count may not have arrived yet; the loaded
 * messages may not reach back far enough: the larger count is the better one.
 */
export function newSince(room: CountedRoom, after: number): NewAbove {
  const { items, floor } = room.log.peek();
  const counted = othersAfter(items, after);
  const reported = readingOf(room.roomId)?.unreadCount ?? 0;
  const isAll = reported > counted ? reported < limits.unreadCount : floor <= after + 1;
  return { count: Math.max(reported, counted), isAll };
}
