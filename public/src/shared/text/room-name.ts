import { conversationOf } from "../../features/inbox/inbox.ts";
import { nameOf } from "../../features/people/conversation-face.tsx";
import { roomWords } from "../../features/room/current-room.ts";
import { ti } from "../../locales/inbox/index.ts";

/** What a room or conversation is called wherever it is spoken of. */
export function roomNameOf(roomId: string): string {
  const conversation = conversationOf(roomId);
  return conversation ? nameOf(conversation) : (roomWords(roomId) ?? ti("otherRoom"));
}
