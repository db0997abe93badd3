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

/** Whether a language room is one of the person's own: starred, or written in. */
export function isOwn(roomId: string): boolean {
  const reading = readingOf(roomId);
  return reading !== undefined && (reading.isStarred || reading.hasWritten);
}

export const isStarred = (roomId: string): boolean => readingOf(roomId)?.isStarred ?? false;

/** Whether a language room has something that the person should see: in an own room any news, elsewhere a mention. */
export function isWaiting(roomId: string): boolean {
  const { hasNews, count } = unreadOf(roomId);
  return count > 0 || (hasNews && isOwn(roomId));
}

const byName = ({ room: a }: RoomAddress, { room: b }: RoomAddress): number => compareNames(languageName(a), languageName(b));

/** The person's own rooms by lounge, then by name: an order that does not change while they read, so that each room keeps its place. */
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

/** The rooms with something to see: mentions first, then in the order of the own rooms. */
export const mentionedRooms = computed<RoomAddress[]>(() => {
  const own = new Set(ownRooms.value.map(({ room }) => room.id));
  const others = openRooms.value.filter(({ room }) => !own.has(room.id));
  const waiting = [...ownRooms.value, ...others].filter(({ room }) => isWaiting(room.id));
  const isMentioned = ({ room }: RoomAddress): boolean => isMentionedIn(room.id);
  return [...waiting.filter(isMentioned), ...waiting.filter((place) => !isMentioned(place))];
});

/** What the person chose about the folded list of all other rooms; null before they chose. */
const chosen = signal<boolean | null>(null);

/** Whether the person had own rooms when they were first listed. It never changes under somebody who is using the list. */
const hadOwnRooms = signal<boolean | null>(null);

/** Whether the list of all other rooms is open: from the beginning for those who have no own rooms yet. */
export const isBrowsing = computed(() => chosen.value ?? hadOwnRooms.value === false);

export const setBrowsing = (isOpen: boolean): void => {
  chosen.value = isOpen;
};

/**
 * Stars a room, or removes its star; reverted if the server rejects it.
 * @throws Refusal
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

/** Notes that the person has written in a room, on whichever device. */
function noteWriting({ roomId, toSeq, messages }: ServerEventPayload<"messages_changed">): void {
  const reading = readingOf(roomId);
  const me = currentUser.peek()?.id;
  if (!me || reading?.hasWritten || conversationOf(roomId)) return;
  if (!messages.some((one) => isLive(one) && one.author.id === me)) return;
  changeReading(roomId, { hasWritten: true, ...(reading === undefined && { lastReadSeq: toSeq }) });
}

/** Keeps the own rooms equal to the server's. */
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
