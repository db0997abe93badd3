import { batch, computed, type ReadonlySignal, signal } from "@preact/signals";
import { isLive } from "../../../../utils/client/rooms/room-log.ts";
import type { LiveMessageDto, MessageDto } from "../../../../utils/contract/schemas/messages.ts";
import type { OpenRoom } from "../room/open-room.ts";
import { currentUser } from "../session/session.ts";
import { type NewAbove, newSince, nothingNew, othersAfter } from "../unread/new-above.ts";
import { markRead } from "../unread/read-receipts.ts";
import { attentive, readingOf } from "../unread/unread.ts";
import {
  boundedSpan,
  earlierSpan,
  fuller,
  laterSpan,
  newestSpan,
  type Row,
  rowsOf,
  type Span,
  seenIn,
  spanAround,
  withKnown,
} from "./rows.ts";

const FLASH_MS = 2_400;

export type LogView = {
  readonly rows: ReadonlySignal<readonly Row[]>;
  /** Whether the newest message is visible and the list follows new messages. */
  readonly isFollowing: ReadonlySignal<boolean>;
  /** Number of other users' messages that arrived below the visible part. */
  readonly below: ReadonlySignal<number>;
  readonly hasLater: ReadonlySignal<boolean>;
  /** The sequence number from which the shown messages have no gaps; 0 at the room's beginning. */
  readonly floor: ReadonlySignal<number>;
  /** The message that was jumped to, for a short time. */
  readonly flashed: ReadonlySignal<string | null>;
  follow(is: boolean): void;
  earlier(): void;
  later(): void;
  /** Whether there are rows to add above the first screenful, which `fill` does step by step. */
  readonly isShort: ReadonlySignal<boolean>;
  fill(): void;
  newest(): void;
  /** Shows a loaded message and highlights it for a short time. */
  show(message: Pick<MessageDto, "id" | "seq">): void;
  /** Number of new messages from the unread marker on, until the marker was visible. */
  readonly newAbove: ReadonlySignal<NewAbove>;
  /** Records that the unread marker was visible: the way there is no longer offered. */
  sawUnread(): void;
  /** Shows the first unread message, however far up it is. */
  reachUnread(): Promise<void>;
  /** Removes the unread marker. */
  read(): void;
  /** Marks all loaded messages as read if the newest is visible and the page is not hidden. */
  note(): void;
};

/** Returns how far the user had read a room before opening it; null on the first visit, when nothing counts as new. */
function readBefore(room: OpenRoom): number | null {
  const known = Math.max(readingOf(room.roomId)?.lastReadSeq ?? 0, room.standing.peek()?.lastReadSeq ?? 0);
  return known === 0 && room.room.peek()?.kind === "language" ? null : known;
}

/** Manages which part of a room's list is shown, and how far it was read. */
export function viewLog(room: OpenRoom): LogView {
  const { log } = room;
  const { shown: past } = room.past;
  const items = computed(() => past.value?.items ?? log.value.items);
  const isFollowing = signal(true);
  const wanted = signal<Span | null>(null);
  const readTo = signal(0);
  const unreadAfter = signal<number | null>(null);
  const newAbove = signal(nothingNew);
  const flashed = signal<string | null>(null);
  let hasBegun = false;
  let fading: ReturnType<typeof setTimeout> | undefined;

  const span = computed<Span>(() => {
    return wanted.value && !isFollowing.value
      ? boundedSpan(items.value, wanted.value, false)
      : boundedSpan(items.value, wanted.value ?? newestSpan(items.value), true);
  });
  const floor = computed(() => past.value?.floor ?? log.value.floor);
  /** The start of the unread messages is unknown until all are loaded. */
  const lineAfter = computed(() => (unreadAfter.value !== null && floor.value <= unreadAfter.value + 1 ? unreadAfter.value : null));
  let seen: ReadonlyMap<string, LiveMessageDto> = new Map();
  let known: readonly Row[] = [];
  const rows = computed(() => {
    const reader = { unreadAfter: lineAfter.value, myId: currentUser.value?.id ?? null, seen: (id: string) => seen.get(id) };
    const next = rowsOf(items.value, span.value, reader);
    seen = seenIn(next, seen);
    known = withKnown(next, known);
    return known;
  });
  const below = computed(() => {
    if (isFollowing.value) return 0;
    return othersAfter(log.value.items, readTo.value);
  });

  const longer = computed(() => (isFollowing.value ? fuller(items.value, span.value) : null));

  const show = (next: Span | null): void => {
    if (next) wanted.value = next;
  };
  const lastSeq = (): number => log.value.items.at(-1)?.seq ?? 0;

  const begin = (): void => {
    if (hasBegun || room.standing.peek() === null) return;
    hasBegun = true;
    const after = readBefore(room);
    unreadAfter.value = after;
    if (after !== null) newAbove.value = newSince(room, after);
  };

  const note = (): void => {
    begin();
    const isSeen = isFollowing.value && !document.hidden && room.phase.peek() === "in";
    if (isSeen) attentive.value = room.roomId;
    else if (attentive.peek() === room.roomId) attentive.value = null;
    if (!isFollowing.value) return;
    readTo.value = Math.max(readTo.value, lastSeq());
    if (document.hidden) unreadAfter.value ??= readBefore(room);
    else if (isSeen) markRead(room.roomId, log.value.head);
  };

  const reveal = ({ id, seq }: Pick<MessageDto, "id" | "seq">): void => {
    batch(() => {
      if (isFollowing.value) readTo.value = lastSeq();
      isFollowing.value = false;
      wanted.value = spanAround(items.value, seq);
      flashed.value = id;
    });
    clearTimeout(fading);
    fading = setTimeout(() => {
      flashed.value = null;
    }, FLASH_MS);
  };

  const reachUnread = async (): Promise<void> => {
    const after = unreadAfter.peek();
    if (after === null) return;
    if (log.peek().floor > after + 1) await room.past.openAt(after + 1).catch(() => undefined);
    const first = items.peek().find((one) => one.seq > after && isLive(one) && one.author.id !== currentUser.peek()?.id);
    if (first) reveal(first);
  };

  return {
    rows,
    isFollowing,
    below,
    hasLater: computed(() => span.value.to !== Infinity || past.value !== null),
    isShort: computed(() => longer.value !== null),
    fill: () => show(longer.peek()),
    floor,
    flashed,
    note,
    newAbove,
    reachUnread,
    sawUnread: () => {
      newAbove.value = nothingNew;
    },
    follow: (is) => {
      if (is === isFollowing.value) return;
      batch(() => {
        // Rows in the DOM stay there when the user starts to scroll up.
        wanted.value = span.value;
        isFollowing.value = is;
        readTo.value = lastSeq();
      });
    },
    earlier: () => {
      const next = earlierSpan(items.value, span.value);
      if (next) show(next);
      else void room.loadOlder();
    },
    later: () => {
      const next = laterSpan(items.value, span.value);
      if (next) show(next);
      else if (past.value) void room.past.newer();
    },
    newest: () => {
      batch(() => {
        room.past.leave();
        wanted.value = newestSpan(log.value.items);
        isFollowing.value = true;
      });
    },
    show: reveal,
    read: () => {
      unreadAfter.value = null;
      newAbove.value = nothingNew;
    },
  };
}
