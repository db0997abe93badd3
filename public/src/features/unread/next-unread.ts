import { computed, effect } from "@preact/signals";
import { conversationPath, go, path } from "../../shared/state/route.ts";
import { conversations } from "../inbox/inbox.ts";
import { addressPath, type RoomAddress } from "../lobby/lounges.ts";
import { mentionedRooms } from "../lobby/own-rooms.ts";
import { countOf, isMentionedIn } from "./unread.ts";

/** The addresses of everything unread: rooms with mentions, conversations, then the other rooms. */
const unreadPaths = computed(() => {
  const isMentioned = ({ room }: RoomAddress): boolean => isMentionedIn(room.id);
  const rooms = mentionedRooms.value;
  return [
    ...rooms.filter(isMentioned).map(addressPath),
    ...conversations.value.filter(({ id }) => countOf(id) > 0).map(({ id }) => conversationPath(id)),
    ...rooms.filter((place) => !isMentioned(place)).map(addressPath),
  ];
});

/** The next unread address other than the open one; null if there is none. */
export const nextUnread = computed(() => unreadPaths.value.find((address) => address !== path.value) ?? null);

let ledTo: string | null = null;

effect(() => {
  if (path.value !== ledTo) ledTo = null;
});

/** Whether the open address was reached by going through unread rooms: the next key continues that, and does not go to a text field. */
export const wasReachedByNextUnread = (): boolean => ledTo === path.peek();

/** Goes to the next unread room or conversation; if there is none, to the home view, which says so. */
export function goToNextUnread(): void {
  const next = nextUnread.peek() ?? "/home";
  go(next);
  ledTo = next;
}
