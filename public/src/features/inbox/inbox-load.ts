import { batch } from "@preact/signals";
import type { ConversationDto } from "../../../../utils/contract/schemas/conversations.ts";
import { ask, toApiError } from "../../api.ts";
import { everyPage } from "../../shared/state/pages.ts";
import { lounges } from "../lobby/lounges.ts";
import { cacheUsers } from "../people/user-cache.ts";
import { currentUser } from "../session/session.ts";
import { areReadingsKnown, changeReading, type Reading, readingIn, readingOf, readings } from "../unread/unread.ts";
import { inbox, inboxFailure } from "./inbox.ts";

const mine = { bearer: true } as const;
const PAGES = 5;

const fetchConversations = (state: "active" | "requested"): Promise<ConversationDto[]> =>
  everyPage((query) => ask("listConversations", `/api/conversations?state=${state}&${query}`, mine), PAGES);

const readingOfMember = ({ me, unreadCount, mentionCount }: ConversationDto): Partial<Reading> => ({
  lastReadSeq: me.lastReadSeq,
  level: me.level,
  unreadCount,
  mentionCount,
});

/** Stores a conversation as the server returns it for the current user. */
export function keepConversation(next: ConversationDto): void {
  const isMember = next.members.some((one) => one.id === currentUser.peek()?.id);
  dropped.delete(next.id);
  const known = new Map(inbox.peek());
  if (isMember) known.set(next.id, next);
  else known.delete(next.id);
  const reading = readingOf(next.id);
  cacheUsers(next.members);
  batch(() => {
    inbox.value = known;
    // Messages read here a moment ago may not have reached the server, so the local state may be newer.
    if (!reading || next.me.lastReadSeq >= reading.lastReadSeq) changeReading(next.id, readingOfMember(next));
    else changeReading(next.id, { level: next.me.level });
  });
}

/** Conversations that were dropped here. Their views do not look them up again: the server would return `not_found`. */
const dropped = new Set<string>();

export const isDropped = (roomId: string): boolean => dropped.has(roomId);

export function dropConversation(roomId: string): void {
  dropped.add(roomId);
  const known = new Map(inbox.peek());
  if (known.delete(roomId)) inbox.value = known;
  const left = new Map(readings.peek());
  if (left.delete(roomId)) readings.value = left;
}

/**
 * Reloads a conversation, and drops it if the user is no longer a member. A conversation dropped meanwhile stays dropped: the response is
 * older.
 */
export async function lookUp(roomId: string): Promise<void> {
  const wasDropped = isDropped(roomId);
  try {
    const found = await ask("getConversation", `/api/conversations/${roomId}`, mine);
    if (wasDropped || !isDropped(roomId)) keepConversation(found);
  } catch (error) {
    if (toApiError(error).code === "not_found") dropConversation(roomId);
  }
}

/** Loads all conversations. On failure, the current list stays; conversations dropped meanwhile stay dropped. */
export async function loadInbox(): Promise<void> {
  const reader = currentUser.peek()?.id;
  const droppedBefore = new Set(dropped);
  try {
    const answered = (await Promise.all([fetchConversations("active"), fetchConversations("requested")])).flat();
    const found = answered.filter(({ id }) => droppedBefore.has(id) || !isDropped(id));
    if (reader !== currentUser.peek()?.id) return;
    cacheUsers(found.flatMap((one) => one.members));
    batch(() => {
      inbox.value = new Map(found.map((one) => [one.id, one]));
      inboxFailure.value = null;
    });
  } catch (error) {
    if (reader === currentUser.peek()?.id) inboxFailure.value = toApiError(error).code;
  }
}

/** The latest sequence number of each language room when its unread messages were last counted. */
let countedAt = new Map<string, number>();

/** Whether a room has changed since its unread messages were counted. */
export const hasMovedOn = (room: { id: string; lastSeq: number }): boolean =>
  readings.peek().has(room.id) && room.lastSeq > (countedAt.get(room.id) ?? 0);

/** Loads the unread counts of every room that the user has visited. */
export async function loadReadings(): Promise<void> {
  const reader = currentUser.peek()?.id;
  if (reader === undefined) return;
  const heads = new Map((lounges.peek() ?? []).flatMap((one) => one.rooms).map((room) => [room.id, room.lastSeq]));
  const found = await ask("listUnread", "/api/chatroom/unread", mine).catch(() => null);
  if (!found || reader !== currentUser.peek()?.id) return;
  countedAt = heads;
  const next = new Map(readings.peek());
  for (const item of found.items) {
    const known = next.get(item.roomId);
    const { level, isStarred, hasWritten } = item;
    next.set(item.roomId, known && known.lastReadSeq > item.lastReadSeq ? { ...known, level, isStarred, hasWritten } : readingIn(item));
  }
  batch(() => {
    readings.value = next;
    areReadingsKnown.value = true;
  });
}
