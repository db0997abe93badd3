import { signal } from "@preact/signals";
import type { UnreadDto } from "../../../../utils/contract/schemas/conversations.ts";
import { onOwnerChange } from "../../storage.ts";

/** How far the user has read a room, on any device, and what is unread. */
export type Reading = Pick<UnreadDto, "lastReadSeq" | "unreadCount" | "mentionCount" | "level" | "isStarred" | "hasWritten">;

/** Returns the read state from the server's response. */
export const readingIn = ({ lastReadSeq, unreadCount, mentionCount, level, isStarred, hasWritten }: UnreadDto): Reading => ({
  lastReadSeq,
  unreadCount,
  mentionCount,
  level,
  isStarred,
  hasWritten,
});

/** The read state of every visited room and every conversation: the server's, updated by what was read here since. */
export const readings = signal<ReadonlyMap<string, Reading>>(new Map());

/** Whether the server has listed them for the current user. */
export const areReadingsKnown = signal(false);

/** The room whose newest messages are visible to the user right now. */
export const attentive = signal<string | null>(null);

onOwnerChange(() => {
  readings.value = new Map();
  areReadingsKnown.value = false;
  attentive.value = null;
});

const unseen: Reading = { lastReadSeq: 0, unreadCount: 0, mentionCount: 0, level: "all", isStarred: false, hasWritten: false };

export const readingOf = (roomId: string): Reading | undefined => readings.value.get(roomId);

export function changeReading(roomId: string, change: Partial<Reading>): void {
  const next = { ...(readings.peek().get(roomId) ?? unseen), ...change };
  readings.value = new Map(readings.peek()).set(roomId, next);
}

/** Returns what a room shows next to its name: whether anything is unread, and the number of mentions. */
export function unreadOf(roomId: string): { hasNews: boolean; count: number } {
  const reading = readingOf(roomId);
  if (!reading || reading.level === "mute") return { hasNews: false, count: 0 };
  return { hasNews: reading.mentionCount > 0 || (reading.level === "all" && reading.unreadCount > 0), count: reading.mentionCount };
}

/** Whether a room has unread mentions of the user. */
export const isMentionedIn = (roomId: string): boolean => unreadOf(roomId).count > 0;

/** Returns a conversation's count: every unread message, or only mentions. */
export function countOf(roomId: string): number {
  const reading = readingOf(roomId);
  if (!reading || reading.level === "mute") return 0;
  return reading.level === "all" ? reading.unreadCount : reading.mentionCount;
}

export const hasUnread = (room: { id: string }): boolean => unreadOf(room.id).hasNews;
