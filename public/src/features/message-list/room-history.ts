import { batch, type Signal, signal } from "@preact/signals";
import { backoffMs } from "../../../../utils/client/connection/backoff.ts";
import { changesOutside } from "../../../../utils/client/rooms/message-list.ts";
import type { RoomLog } from "../../../../utils/client/rooms/room-log.ts";
import type { MessageDto } from "../../../../utils/contract/schemas/messages.ts";
import { ask, toApiError } from "../../api.ts";
import { type HistoryPage, type HistoryWindow, historyAround, joinedWith, meets, withChanges, withNewer, withOlder } from "./history.ts";

const PAGE = 100;

export type RoomHistory = {
  /** What is looked at apart from the newest messages; null while those are. */
  readonly shown: Signal<HistoryWindow | null>;
  /** Opens the history around a message that is not held. @throws Refusal */
  openAt(seq: number): Promise<void>;
  older(): Promise<void>;
  /** Goes on towards the present, until both are one list. */
  newer(): Promise<void>;
  changed(messages: readonly MessageDto[]): void;
  leave(): void;
};

type Parts = { roomId: string; log: Signal<RoomLog>; older: Signal<"idle" | "loading" | "failed"> };

/** Looking at a room's past, beside the list that is kept equal to the server's. */
export function createRoomHistory({ roomId, log, older }: Parts): RoomHistory {
  const shown = signal<HistoryWindow | null>(null);
  let isGoingOn = false;
  /** Pages towards the present that failed since the last one that came. */
  let failures = 0;

  const page = async (query: string): Promise<HistoryPage> => {
    const found = await ask("listMessages", `/api/chatroom/rooms/${roomId}/messages?${query}&limit=${PAGE}`, { bearer: true });
    return { items: found.items, hasMore: found.nextCursor !== null };
  };
  const show = (next: HistoryWindow): void => {
    batch(() => {
      const isOne = meets(next, log.value);
      if (isOne) log.value = joinedWith(next, log.value);
      shown.value = isOne ? null : next;
    });
  };

  const newer = async (): Promise<void> => {
    const from = shown.peek();
    if (!from || isGoingOn) return;
    isGoingOn = true;
    try {
      const found = await page(`after=${from.ceiling}`);
      failures = 0;
      const now = shown.peek();
      if (!now) return;
      const next = withNewer(now, found);
      // Nothing lies between here and what is held of the present, deleted messages apart.
      show(found.hasMore ? next : { ...next, ceiling: Math.max(next.ceiling, log.peek().floor) });
    } catch (error) {
      // At the end of what is held, no scrolling asks again.
      const waitMs = backoffMs(failures, { atLeastMs: toApiError(error).retryAfterMs ?? 0 });
      failures += 1;
      setTimeout(() => shown.peek() === from && void newer(), waitMs);
    } finally {
      isGoingOn = false;
    }
  };

  return {
    shown,
    openAt: async (seq) => {
      const next = historyAround(await page(`around=${seq}`));
      // What changed while the page was on its way is remembered by the log.
      if (next) show(withChanges(next, changesOutside(log.peek().items)));
    },
    older: async () => {
      const from = shown.peek();
      if (!from || from.floor === 0 || older.peek() === "loading") return;
      older.value = "loading";
      try {
        const found = await page(`before=${from.floor}`);
        batch(() => {
          if (shown.value) show(withOlder(shown.value, found));
          older.value = "idle";
        });
      } catch {
        older.value = "failed";
      }
    },
    newer,
    changed: (messages) => {
      if (shown.peek()) shown.value = shown.value && withChanges(shown.value, messages);
    },
    leave: () => {
      shown.value = null;
    },
  };
}
