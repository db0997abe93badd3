import { batch, computed, type ReadonlySignal, signal } from "@preact/signals";
import { isLive, placeAt } from "../../../utils/client/room-log.ts";
import { lastSeen, markSeen } from "./reading.ts";
import type { OpenRoom } from "./room.ts";
import { boundedSpan, earlierSpan, laterSpan, newestSpan, type Row, rowsOf, type Span } from "./rows.ts";
import { myself } from "./session.ts";

export type LogView = {
  readonly rows: ReadonlySignal<readonly Row[]>;
  /** Whether the newest message is in sight and stays so. */
  readonly isFollowing: ReadonlySignal<boolean>;
  /** How many messages of others came below what is in sight. */
  readonly below: ReadonlySignal<number>;
  readonly hasLater: ReadonlySignal<boolean>;
  follow(is: boolean): void;
  earlier(): void;
  later(): void;
  newest(): void;
  /** Takes the unread line away. */
  read(): void;
  /** Remembers how far was read: all that is held, when the newest is in sight of somebody. */
  note(): void;
};

/** Which part of a room's list is shown, and how far it was read. */
export function viewLog(room: OpenRoom): LogView {
  const { log } = room;
  const isFollowing = signal(true);
  const wanted = signal<Span | null>(null);
  const readTo = signal(0);
  const known = lastSeen(room.roomId);
  const unreadAfter = signal<number | null>(known);

  const span = computed<Span>(() => {
    const { items } = log.value;
    return wanted.value && !isFollowing.value
      ? boundedSpan(items, wanted.value, false)
      : boundedSpan(items, wanted.value ?? newestSpan(items), true);
  });
  const rows = computed(() => rowsOf(log.value.items, span.value, { unreadAfter: unreadAfter.value, myId: myself.value?.id ?? null }));
  const below = computed(() => {
    if (isFollowing.value) return 0;
    const { items } = log.value;
    return items.slice(placeAt(items, readTo.value + 1)).filter((one) => isLive(one) && one.author.id !== myself.value?.id).length;
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
    hasLater: computed(() => span.value.to !== Infinity),
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
      const next = earlierSpan(log.value.items, span.value);
      if (next) show(next);
      else void room.loadOlder();
    },
    later: () => show(laterSpan(log.value.items, span.value)),
    newest: () => {
      batch(() => {
        wanted.value = newestSpan(log.value.items);
        isFollowing.value = true;
      });
    },
    read: () => {
      unreadAfter.value = null;
    },
  };
}
