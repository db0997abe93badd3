import { computed } from "@preact/signals";
import { conversationPath, route } from "../../shared/state/route.ts";
import { conversationOf } from "../inbox/inbox.ts";
import { addressOfRoom, addressPath, lounges, roomLabel } from "../lobby/lounges.ts";

/** The ID of the open room or conversation, if any. */
export const currentRoomId = computed(() => {
  const here = route.value;
  if (here.name === "messages") return here.roomId;
  return here.name === "room" ? (addressOfRoom(here.lounge, here.language)?.room.id ?? null) : null;
});

/** Returns a language room and its lounge; null if the ID is not one of a language room. */
function placeOfRoom(roomId: string) {
  for (const lounge of lounges.value ?? []) {
    const room = lounge.rooms.find((one) => one.id === roomId);
    if (room) return { lounge, room };
  }
  return null;
}

/** Returns the address of a room or conversation, with the message if one is given. */
export function addressOf(roomId: string, messageId?: string): string {
  const place = placeOfRoom(roomId);
  const path = place ? addressPath(place) : conversationPath(roomId);
  return messageId ? `${path}?m=${messageId}` : path;
}

/** Returns a language room's name with its lounge's; null for a conversation, and for unknown rooms. */
export function roomWords(roomId: string): string | null {
  const place = conversationOf(roomId) ? null : placeOfRoom(roomId);
  return place ? roomLabel(place) : null;
}
