import { batch, computed, effect, signal, untracked } from "@preact/signals";
import type { UnreadRoomDto } from "../../../../utils/contract/schemas/own-rooms.ts";
import { ask, type Failure, toApiError } from "../../api.ts";
import { onOwnerChange } from "../../storage.ts";
import { conversationOf } from "../inbox/inbox.ts";
import { lounges } from "../lobby/lounges.ts";
import { isWaiting } from "../lobby/own-rooms.ts";
import { cacheUsers } from "../people/user-cache.ts";
import { currentUser } from "../session/session.ts";
import { markRead } from "./read-receipts.ts";
import { changeReading, countOf, readingIn, readingOf, readings } from "./unread.ts";

/** Minimum interval between two requests of the list, in ms. */
const PAUSE_MS = 2_000;

const listed = signal<UnreadRoomDto[] | null>(null);
export const unreadRoomsFailure = signal<Failure | null>(null);

onOwnerChange(() => {
  listed.value = null;
  unreadRoomsFailure.value = null;
});

const isUnread = ({ roomId, kind }: Pick<UnreadRoomDto, "roomId" | "kind">): boolean =>
  kind === "language" ? isWaiting(roomId) : countOf(roomId) > 0;

/** The unread rooms and conversations, as the server orders them; null until loaded. Without those read since. */
export const unreadRooms = computed(() => listed.value?.filter(isUnread) ?? null);

function take(items: UnreadRoomDto[]): void {
  batch(() => {
    for (const item of items) {
      // Messages read here a moment ago may not have reached the server, so the local state may be newer.
      if (item.lastReadSeq >= (readingOf(item.roomId)?.lastReadSeq ?? 0)) changeReading(item.roomId, readingIn(item));
    }
    cacheUsers(items.map(({ lastMessage }) => lastMessage.author));
    listed.value = items;
    unreadRoomsFailure.value = null;
  });
}

/** Loads the list. On failure, the current list stays. */
export async function loadUnreadRooms(): Promise<void> {
  const reader = currentUser.peek()?.id;
  try {
    const { items } = await ask("listUnreadRooms", "/api/chatroom/unread/rooms?limit=100", { bearer: true });
    if (reader === currentUser.peek()?.id) take(items);
  } catch (error) {
    if (reader === currentUser.peek()?.id) unreadRoomsFailure.value = toApiError(error).code;
  }
}

/** The parts of the counts that determine the list. */
const counts = computed(() =>
  [...readings.value]
    .filter(([, { unreadCount, mentionCount }]) => unreadCount + mentionCount > 0)
    .map(([roomId, { unreadCount, mentionCount, level }]) => `${roomId} ${unreadCount} ${mentionCount} ${level}`)
    .sort()
    .join(),
);

/** Loads the list, and again whenever the counts change. Returns a function that stops it. */
export function watchUnreadRooms(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isFirst = true;
  const stop = effect(() => {
    void counts.value;
    if (isFirst) void untracked(loadUnreadRooms);
    else
      timer ??= setTimeout(() => {
        timer = undefined;
        void loadUnreadRooms();
      }, PAUSE_MS);
    isFirst = false;
  });
  return () => {
    clearTimeout(timer);
    stop();
  };
}

const headOf = (roomId: string): number =>
  conversationOf(roomId)?.lastSeq ?? (lounges.peek() ?? []).flatMap(({ rooms }) => rooms).find(({ id }) => id === roomId)?.lastSeq ?? 0;

/** Marks everything in the list as read, on all of the user's devices. */
export function markAllRead(): void {
  batch(() => {
    for (const { roomId, lastMessage } of unreadRooms.peek() ?? []) markRead(roomId, Math.max(lastMessage.seq, headOf(roomId)));
  });
}
