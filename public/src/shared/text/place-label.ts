import { languageName, type RoomAddress } from "../../features/lobby/lounges.ts";
import { counted } from "../../locales/index.ts";

/**
 * Returns a room link's label for screen readers: several rooms are named "English", so its lounge is part of the name.
 * @param unreadText the unread state, as text
 */
export const placeLabel = ({ lounge, room }: RoomAddress, unreadText: string | null = null): string =>
  [languageName(room), lounge.name, unreadText, room.onlineCount > 0 && counted("peopleNow", room.onlineCount)].filter(Boolean).join(", ");
