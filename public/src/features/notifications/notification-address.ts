import { addressOf } from "../room/current-room.ts";
import type { Toast } from "./notifications.ts";

/** Returns the address of what a notification is about. */
export function notificationAddress({ kind, roomId, messageId }: Pick<Toast, "kind" | "roomId" | "messageId">): string {
  if (roomId === null) return kind === "report" ? "/me/reports" : "/me/moderation";
  return kind === "message_request" || messageId === null ? addressOf(roomId) : addressOf(roomId, messageId);
}
