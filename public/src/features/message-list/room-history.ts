import { batch, type Signal, signal } from "@preact/signals";
import { backoffMs } from "../../../../utils/client/connection/backoff.ts";
import { changesOutside } from "../../../../utils/client/rooms/message-list.ts";
import type { RoomLog } from "../../../../utils/client/rooms/room-log.ts";
import type { MessageDto } from "../../../../utils/contract/schemas/messages.ts";
import { ask, toApiError } from "../../api.ts";
import { type HistoryPage, type HistoryWindow, historyAround, joinedWith, meets, withChanges, withNewer, withOlder } from "./history.ts";

const PAGE = 100;

export type RoomHistory = {
  /** The history window that is shown; null while the newest messages are. */
  readonly shown: Signal<HistoryWindow | null>;
  /** Opens the history around a message that is not loaded. @throws ApiError */
  openAt(seq: number): Promise<void>;
  older(): Promise<void>;
  /** Loads newer messages until the window meets the newest ones. */
  newer(): Promise<void>;
  changed(messages: readonly MessageDto[]): void;
  leave(): void;
};

type Parts = { roomId: string; log: Signal<RoomLog>; older: Signal<"idle" | "loading" | "failed"> };

/** Manages browsing a room's history, separate from the list that is kept in sync with the server. */
export function createRoomHistory({ roomId, log, older }: Parts): RoomHistory {
  const shown = signal<HistoryWindow | null>(null);
  let isGoingOn = false;
  /** Number of failed pages towards the newest messages since the last success. */
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
      // Only deleted messages lie between this page and the loaded newest messages.
      show(found.hasMore ? next : { ...next, ceiling: Math.max(next.ceiling, log.peek().floor) });
    } catch (error) {
      // At the end of the loaded messages, no scroll event triggers another attempt.
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
      // The log keeps the changes that arrived while the page was loading.
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
