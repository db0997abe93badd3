import { isLive, placeAt, type RoomLog } from "../../../../utils/client/rooms/room-log.ts";
import { limits } from "../../../../utils/contract/limits.ts";
import type { MessageDto } from "../../../../utils/contract/schemas/messages.ts";
import { currentUser } from "../session/session.ts";
import { readingOf } from "./unread.ts";

/** The parts of an open room that counting needs. */
type CountedRoom = { readonly roomId: string; readonly log: { peek(): RoomLog } };

/** Number of new messages: the total, or only the known ones. */
export type NewAbove = { readonly count: number; readonly isAll: boolean };

export const nothingNew: NewAbove = { count: 0, isAll: true };

/** Counts other users' messages after a sequence number. */
export const othersAfter = (items: readonly MessageDto[], seq: number): number =>
  items.slice(placeAt(items, seq + 1)).filter((one) => isLive(one) && one.author.id !== currentUser.value?.id).length;

/**
 * Counts the new messages of a room after a sequence number. The server counts up to a limit and its count may not have arrived yet; the
 * loaded messages may not reach back far enough: the larger count is the better one.
 */
export function newSince(room: CountedRoom, after: number): NewAbove {
  const { items, floor } = room.log.peek();
  const counted = othersAfter(items, after);
  const reported = readingOf(room.roomId)?.unreadCount ?? 0;
  const isAll = reported > counted ? reported < limits.unreadCount : floor <= after + 1;
  return { count: Math.max(reported, counted), isAll };
}
