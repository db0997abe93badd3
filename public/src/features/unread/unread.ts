import { signal } from "@preact/signals";
import type { UnreadDto } from "../../../../utils/contract/schemas/conversations.ts";
import { onOwnerChange } from "../../storage.ts";

/** How far oneself has read a room, on whichever device, and what has come since. */
export type Reading = Pick<UnreadDto, "lastReadSeq" | "unreadCount" | "mentionCount" | "level" | "isStarred" | "hasWritten">;

/** How far a room was read, in the server's answer. */
export const readingIn = ({ lastReadSeq, unreadCount, mentionCount, level, isStarred, hasWritten }: UnreadDto): Reading => ({
  ...{ lastReadSeq, unreadCount, mentionCount, level, isStarred, hasWritten },
});

/** Every room one has been in and every conversation: the server's word, and what was read here since. */
export const readings = signal<ReadonlyMap<string, Reading>>(new Map());

/** Whether the server has listed them for the present person. */
export const areReadingsKnown = signal(false);

/** The room whose newest messages are in front of somebody's eyes right now. */
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

/** What a room shows beside its name: whether anything new is there, and how much of it wants an answer. */
export function unreadOf(roomId: string): { hasNews: boolean; count: number } {
  const reading = readingOf(roomId);
  if (!reading || reading.level === "mute") return { hasNews: false, count: 0 };
  return { hasNews: reading.mentionCount > 0 || (reading.level === "all" && reading.unreadCount > 0), count: reading.mentionCount };
}

/** Whether something new in a room concerns oneself. */
export const isMentionedIn = (roomId: string): boolean => unreadOf(roomId).count > 0;

/** What a conversation counts: every message, or only those that name one. */
export function countOf(roomId: string): number {
  const reading = readingOf(roomId);
  if (!reading || reading.level === "mute") return 0;
  return reading.level === "all" ? reading.unreadCount : reading.mentionCount;
}

export const hasUnread = (room: { id: string }): boolean => unreadOf(room.id).hasNews;
