import { type Signal, signal } from "@preact/signals";
import { backoffMs } from "../../../../utils/client/connection/backoff.ts";
import type { LoungePreviewDto, RoomPreviewDto } from "../../../../utils/contract/schemas/previews.ts";
import { ask, toApiError } from "../../api.ts";

const EVERY_MS = 15_000;
const LONGEST_MS = 120_000;

/** Loads immediately and then repeatedly while the page is visible, less often after failures. Returns a function that stops it. */
function repeatWhileVisible(load: () => Promise<void>): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  let isStopped = false;
  let isLoading = false;

  const later = (waitMs: number): void => {
    clearTimeout(timer);
    if (!isStopped && !document.hidden) timer = setTimeout(() => void run(), waitMs);
  };

  async function run(): Promise<void> {
    if (isStopped || isLoading || document.hidden) return;
    isLoading = true;
    try {
      await load();
      failures = 0;
      later(EVERY_MS);
    } catch (error) {
      failures += 1;
      const atLeastMs = Math.max(EVERY_MS, toApiError(error).retryAfterMs ?? 0);
      later(backoffMs(failures, { atLeastMs, longestMs: LONGEST_MS }));
    } finally {
      isLoading = false;
    }
  }

  const onVisible = (): void => {
    if (document.hidden) clearTimeout(timer);
    else void run();
  };
  document.addEventListener("visibilitychange", onVisible);
  void run();
  return () => {
    isStopped = true;
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", onVisible);
  };
}

/** The newest message of each lounge that has one, by lounge ID; null until the first response. Kept in memory only. */
export const loungePreviews = signal<ReadonlyMap<string, LoungePreviewDto> | null>(null);

/** Keeps the lobby's message previews up to date until stopped. */
export const watchLoungePreviews = (): (() => void) =>
  repeatWhileVisible(async () => {
    const { items } = await ask("previewLounges", "/api/chatroom/previews", { bearer: true });
    loungePreviews.value = new Map(items.map((item) => [item.loungeId, item]));
  });

export type ShownPreview = RoomPreviewDto | "loading" | "failed";

/** Keeps a room's preview up to date until stopped. On failure, the current preview stays. */
export const watchRoomPreview = (roomId: string, shown: Signal<ShownPreview>): (() => void) =>
  repeatWhileVisible(async () => {
    try {
      shown.value = await ask("previewRoom", `/api/chatroom/rooms/${roomId}/preview`, { bearer: true });
    } catch (error) {
      // When the room is closed now, a message that may have been deleted meanwhile must not stay visible.
      const isClosed = ["not_found", "room_requires_account"].includes(toApiError(error).code);
      if (isClosed || typeof shown.peek() === "string") shown.value = "failed";
      throw error;
    }
  });
