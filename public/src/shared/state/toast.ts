import { signal } from "@preact/signals";

/** One short sentence at the foot of the messages, for a few seconds. */
export const note = signal<{ text: string; isBad: boolean } | null>(null);

const SHOWN_MS = 5_000;
let gone: ReturnType<typeof setTimeout> | undefined;

export function say(text: string, { isBad = false } = {}): void {
  note.value = { text, isBad };
  clearTimeout(gone);
  gone = setTimeout(() => {
    note.value = null;
  }, SHOWN_MS);
}
