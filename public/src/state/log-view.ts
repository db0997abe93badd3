import { batch, computed, type ReadonlySignal, signal } from "@preact/signals";
import { isLive, placeAt } from "../../../utils/client/room-log.ts";
import type { MessageDto } from "../../../utils/contract/messages.ts";
import { lastSeen, markSeen } from "./reading.ts";
import type { OpenRoom } from "./room.ts";
import { boundedSpan, earlierSpan, laterSpan, newestSpan, type Row, rowsOf, type Span, spanAround } from "./rows.ts";
import { myself } from "./session.ts";

const FLASH_MS = 2_400;

export type LogView = {
  readonly rows: ReadonlySignal<readonly Row[]>;
  /** Whether the newest message is in sight and stays so. */
  readonly isFollowing: ReadonlySignal<boolean>;
  /** How many messages of others came below what is in sight. */
  readonly below: ReadonlySignal<number>;
  readonly hasLater: ReadonlySignal<boolean>;
  /** The number from which what is shown has no holes; 0 at the room's beginning. */
  readonly floor: ReadonlySignal<number>;
  /** The message that was jumped to, for a moment. */
  readonly flashed: ReadonlySignal<string | null>;
  follow(is: boolean): void;
  earlier(): void;
  later(): void;
  newest(): void;
  /** Shows a message that is held, and marks it for a moment. */
  show(message: Pick<MessageDto, "id" | "seq">): void;
  /** Takes the unread line away. */
  read(): void;
  /** Remembers how far was read: all that is held, when the newest is in sight of somebody. */
  note(): void;
};

/** Which part of a room's list is shown, and how far it was read. */
export function viewLog(room: OpenRoom): LogView {
  const { log } = room;
  const { shown: past } = room.past;
  const items = computed(() => past.value?.items ?? log.value.items);
  const isFollowing = signal(true);
  const wanted = signal<Span | null>(null);
  const readTo = signal(0);
  const known = lastSeen(room.roomId);
  const unreadAfter = signal<number | null>(known);
  const flashed = signal<string | null>(null);
  let fading: ReturnType<typeof setTimeout> | undefined;

  const span = computed<Span>(() => {
    return wanted.value && !isFollowing.value
      ? boundedSpan(items.value, wanted.value, false)
      : boundedSpan(items.value, wanted.value ?? newestSpan(items.value), true);
  });
  const rows = computed(() => rowsOf(items.value, span.value, { unreadAfter: unreadAfter.value, myId: myself.value?.id ?? null }));
  const below = computed(() => {
    if (isFollowing.value) return 0;
    const newest = log.value.items;
    return newest.slice(placeAt(newest, readTo.value + 1)).filter((one) => isLive(one) && one.author.id !== myself.value?.id).length;
  });

  const show = (next: Span | null): void => {
    if (next) wanted.value = next;
  };
  const lastSeq = (): number => log.value.items.at(-1)?.seq ?? 0;

  const note = (): void => {
    if (!isFollowing.value) return;
    readTo.value = Math.max(readTo.value, lastSeq());
    if (document.hidden) {
      unreadAfter.value ??= lastSeen(room.roomId);
      return;
    }
    markSeen(room.roomId, log.value.head);
  };

  return {
    rows,
    isFollowing,
    below,
    hasLater: computed(() => span.value.to !== Infinity || past.value !== null),
    floor: computed(() => past.value?.floor ?? log.value.floor),
    flashed,
    note,
    follow: (is) => {
      if (is === isFollowing.value) return;
      batch(() => {
        // What is in the DOM stays in it when one begins to scroll away.
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
    show: ({ id, seq }) => {
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
    },
    read: () => {
      unreadAfter.value = null;
    },
  };
}
