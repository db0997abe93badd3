import { computed } from "@preact/signals";
import { conversationPath, route } from "../../shared/state/route.ts";
import { conversationOf } from "../inbox/inbox.ts";
import { addressOfRoom, addressPath, lounges, roomLabel } from "../lobby/lounges.ts";

/** The room or conversation one looks at, if any. */
export const currentRoomId = computed(() => {
  const here = route.value;
  if (here.name === "messages") return here.roomId;
  return here.name === "room" ? (addressOfRoom(here.lounge, here.language)?.room.id ?? null) : null;
});

/** Where a room is: its address, and the room of a lounge where it is one. */
function placeOfRoom(roomId: string) {
  for (const lounge of lounges.value ?? []) {
    const room = lounge.rooms.find((one) => one.id === roomId);
    if (room) return { lounge, room };
  }
  return null;
}

/** The address of a room or conversation, at one of its messages where one is named. */
export function addressOf(roomId: string, messageId?: string): string {
  const place = placeOfRoom(roomId);
  const path = place ? addressPath(place) : conversationPath(roomId);
  return messageId ? `${path}?m=${messageId}` : path;
}

/** A language room's name with its lounge's; null for a conversation, and for what is not known here. */
export function roomWords(roomId: string): string | null {
  const place = conversationOf(roomId) ? null : placeOfRoom(roomId);
  return place ? roomLabel(place) : null;
}
