import { ti } from "../locales/inbox/index.ts";
import { roomWords } from "../state/here.ts";
import { conversationOf } from "../state/inbox.ts";
import { nameOf } from "./conversation-face.tsx";

/** What a room or conversation is called wherever it is spoken of. */
export function roomNameOf(roomId: string): string {
  const conversation = conversationOf(roomId);
  return conversation ? nameOf(conversation) : (roomWords(roomId) ?? ti("otherRoom"));
}
