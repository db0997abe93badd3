import { conversationOf } from "../../features/inbox/inbox.ts";
import { nameOf } from "../../features/people/conversation-face.tsx";
import { roomWords } from "../../features/room/current-room.ts";
import { ti } from "../../locales/inbox/index.ts";

/** Returns the name of a room or conversation. */
export function roomNameOf(roomId: string): string {
  const conversation = conversationOf(roomId);
  return conversation ? nameOf(conversation) : (roomWords(roomId) ?? ti("otherRoom"));
}
