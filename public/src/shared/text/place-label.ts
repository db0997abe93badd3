import { languageName, type RoomAddress } from "../../features/lobby/lounges.ts";
import { counted } from "../../locales/index.ts";

/**
 * What a link to a room is called for whoever hears it: several rooms are named "English", so its lounge belongs to the name.
 * @param news what is new there, in words
 */
export const placeLabel = ({ lounge, room }: RoomAddress, news: string | null = null): string =>
  [languageName(room), lounge.name, news, room.onlineCount > 0 && counted("peopleNow", room.onlineCount)].filter(Boolean).join(", ");
