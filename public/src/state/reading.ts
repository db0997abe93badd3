import { signal } from "@preact/signals";
import { recall, remember } from "../storage.ts";

/** The newest number seen of each room, on this device. */
const seen = signal<Record<string, number>>(recall("seen", {}));

export const lastSeen = (roomId: string): number | null => seen.value[roomId] ?? null;

export function markSeen(roomId: string, seq: number): void {
  if ((seen.value[roomId] ?? -1) >= seq) return;
  seen.value = { ...seen.value, [roomId]: seq };
  remember("seen", seen.value);
}

/** Whether a room I have been in has something I have not seen. */
export const hasUnread = (room: { id: string; lastSeq: number }): boolean => {
  const at = seen.value[room.id];
  return at !== undefined && room.lastSeq > at;
};

export const draftOf = (roomId: string): string => recall(`draft:${roomId}`, "");
export const keepDraft = (roomId: string, text: string): void => remember(`draft:${roomId}`, text === "" ? null : text);

// Another tab read on: this one knows too.
window.addEventListener("storage", (event) => {
  if (event.key === "seen") seen.value = recall("seen", {});
});
