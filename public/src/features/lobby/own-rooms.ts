import { computed, signal } from "@preact/signals";
import { isLive } from "../../../../utils/client/rooms/room-log.ts";
import type { ServerEventPayload } from "../../../../utils/contract/events.ts";
import { ask } from "../../api.ts";
import { compareNames } from "../../locales/intl.ts";
import { onServerEvent } from "../../shared/connection/server-events.ts";
import { onOwnerChange } from "../../storage.ts";
import { conversationOf } from "../inbox/inbox.ts";
import { currentUser } from "../session/session.ts";
import { areReadingsKnown, changeReading, isMentionedIn, readingOf, unreadOf } from "../unread/unread.ts";
import { languageName, lounges, openRooms, type RoomAddress } from "./lounges.ts";

/** Whether a language room is one of the user's own: they starred it or wrote in it. */
export function isOwn(roomId: string): boolean {
  const reading = readingOf(roomId);
  return reading !== undefined && (reading.isStarred || reading.hasWritten);
}

export const isStarred = (roomId: string): boolean => readingOf(roomId)?.isStarred ?? false;

/** Whether a language room needs attention: any unread message in an own room, only mentions elsewhere. */
export function isWaiting(roomId: string): boolean {
  const { hasNews, count } = unreadOf(roomId);
  return count > 0 || (hasNews && isOwn(roomId));
}

const byName = ({ room: a }: RoomAddress, { room: b }: RoomAddress): number => compareNames(languageName(a), languageName(b));

/** The user's own rooms by lounge, then by name: the order does not change while they read, so each room keeps its position. */
export const ownRooms = computed<RoomAddress[]>(() =>
  (lounges.value ?? [])
    .filter((lounge) => lounge.closedReason === null)
    .flatMap((lounge) =>
      lounge.rooms
        .filter(({ id }) => isOwn(id))
        .map((room) => ({ lounge, room }))
        .sort(byName),
    ),
);

/** The rooms that need attention: mentions first, then in the order of the own rooms. */
export const mentionedRooms = computed<RoomAddress[]>(() => {
  const own = new Set(ownRooms.value.map(({ room }) => room.id));
  const others = openRooms.value.filter(({ room }) => !own.has(room.id));
  const waiting = [...ownRooms.value, ...others].filter(({ room }) => isWaiting(room.id));
  const isMentioned = ({ room }: RoomAddress): boolean => isMentionedIn(room.id);
  return [...waiting.filter(isMentioned), ...waiting.filter((place) => !isMentioned(place))];
});

/** Whether the user expanded the list of all other rooms; null before they chose. */
const chosen = signal<boolean | null>(null);

/** Whether the user had own rooms when they were first listed. It does not change while the list is in use. */
const hadOwnRooms = signal<boolean | null>(null);

/** Whether the list of all other rooms is expanded: by default for users without own rooms. */
export const isBrowsing = computed(() => chosen.value ?? hadOwnRooms.value === false);

export const setBrowsing = (isOpen: boolean): void => {
  chosen.value = isOpen;
};

/**
 * Stars a room, or removes its star; reverted if the server rejects it.
 * @throws ApiError
 */
export async function setStar(roomId: string, next: boolean): Promise<void> {
  const before = isStarred(roomId);
  changeReading(roomId, { isStarred: next });
  try {
    await ask(next ? "starRoom" : "unstarRoom", `/api/chatroom/rooms/${roomId}/star`, { method: next ? "PUT" : "DELETE", bearer: true });
  } catch (error) {
    changeReading(roomId, { isStarred: before });
    throw error;
  }
}

/** Marks a room as written in by the user, on any device. */
function noteWriting({ roomId, toSeq, messages }: ServerEventPayload<"messages_changed">): void {
  const reading = readingOf(roomId);
  const me = currentUser.peek()?.id;
  if (!me || reading?.hasWritten || conversationOf(roomId)) return;
  if (!messages.some((one) => isLive(one) && one.author.id === me)) return;
  changeReading(roomId, { hasWritten: true, ...(reading === undefined && { lastReadSeq: toSeq }) });
}

/** Keeps the own rooms in sync with the server. */
export function watchOwnRooms(): void {
  onServerEvent("star_changed", ({ roomId, isStarred }) => changeReading(roomId, { isStarred }));
  onServerEvent("messages_changed", noteWriting);
  areReadingsKnown.subscribe((isKnown) => {
    if (isKnown) hadOwnRooms.value ??= ownRooms.peek().length > 0;
  });
  onOwnerChange(() => {
    chosen.value = null;
    hadOwnRooms.value = null;
  });
}
