import { effect } from "@preact/signals";
import { isLive } from "../../../../utils/client/rooms/room-log.ts";
import type { ServerEventPayload } from "../../../../utils/contract/events.ts";
import type { NotifiedKind } from "../../../../utils/contract/notification-defaults.ts";
import { isQuiet } from "../../../../utils/contract/quiet.ts";
import { excerptOf } from "../../../../utils/contract/text/excerpt.ts";
import { onServerEvent } from "../../shared/connection/server-events.ts";
import { sidePanel } from "../../shared/state/dialogs.ts";
import { conversationOf, leaving } from "../inbox/inbox.ts";
import { lookUp } from "../inbox/inbox-load.ts";
import { lounges } from "../lobby/lounges.ts";
import { isBlocked } from "../people/blocks.ts";
import { roomWords } from "../room/current-room.ts";
import { currentUser } from "../session/session.ts";
import { attentive, readingOf } from "../unread/unread.ts";
import { isQuietNow, preferences } from "./notification-preferences.ts";
import { dropToasts, notifications, type Toast, toasts } from "./notifications.ts";

/** The preference for each kind. Notifications of the moderation have none: they are always shown. */
const kinds: Partial<Record<Toast["kind"], NotifiedKind>> = {
  mention: "mentions",
  reply: "replies",
  message: "messages",
  message_request: "requests",
};

/** Shows a toast and plays the sound, if the user's preferences and the current view allow it. */
export function raise(toast: Toast): void {
  const chosen = preferences.peek();
  const kind = kinds[toast.kind];
  if (!chosen || (kind && !chosen.kinds[kind]) || isQuiet(chosen, new Date())) return;
  // The action itself has a notice of its own, with more details.
  if (toast.kind === "moderation") return;
  if (toast.roomId !== null && (attentive.peek() === toast.roomId || leaving.peek().has(toast.roomId))) return;
  // The open list already shows it.
  if (chosen.toasts && sidePanel.peek() !== "notifications") toasts.value = [toast];
  if (chosen.sound) void import("./sound.ts").then((file) => file.playSound()).catch(() => undefined);
}

/** Whether a room ID belongs to a conversation. One that is not in the list yet because it is new is looked up. */
async function isConversation(roomId: string): Promise<boolean> {
  if (attentive.peek() === roomId || lounges.peek() === null || roomWords(roomId) !== null) return false;
  if (!conversationOf(roomId)) await lookUp(roomId);
  return conversationOf(roomId) !== undefined;
}

/** Whether every message of a conversation may raise a toast. */
function raisesAll(roomId: string): boolean {
  const conversation = conversationOf(roomId);
  return conversation?.me.state === "active" && (readingOf(roomId)?.level ?? conversation.me.level) === "all";
}

/**
 * Raises a toast for a new message in a conversation. One that mentions or answers the user has a notification, whose toast replaces this
 * one.
 */
async function written({ roomId, fromSeq, messages }: ServerEventPayload<"messages_changed">): Promise<void> {
  if (!(await isConversation(roomId)) || !raisesAll(roomId)) return;
  const seenSeq = Math.max(fromSeq, readingOf(roomId)?.lastReadSeq ?? 0);
  const newest = messages.filter(isLive).findLast((one) => one.seq > seenSeq);
  if (!newest || newest.author.id === currentUser.peek()?.id || isBlocked(newest.author.id)) return;
  if (notifications.peek().some((one) => one.messageId === newest.id)) return;
  const { id, author, text } = newest;
  raise({ id, kind: "message", roomId, messageId: id, actor: author, excerpt: excerptOf(text) });
}

/** Raises toasts for messages in conversations, and removes obsolete toasts. */
export function watchAlerts(): void {
  onServerEvent("messages_changed", (event) => void written(event));
  onServerEvent("read_changed", ({ roomId, userId }) => {
    if (userId === currentUser.peek()?.id) dropToasts((one) => one.kind === "message" && one.roomId === roomId);
  });
  effect(() => {
    if (isQuietNow.value || sidePanel.value === "notifications") dropToasts(() => true);
  });
  effect(() => {
    const roomId = attentive.value;
    if (roomId !== null) dropToasts((one) => one.roomId === roomId);
  });
}
