import { signal } from "@preact/signals";

/** The toast at the bottom of the messages: one short sentence, for a few seconds. */
export const toast = signal<{ text: string; isBad: boolean } | null>(null);

const SHOWN_MS = 5_000;
let gone: ReturnType<typeof setTimeout> | undefined;

export function showToast(text: string, { isBad = false } = {}): void {
  toast.value = { text, isBad };
  clearTimeout(gone);
  gone = setTimeout(() => {
    toast.value = null;
  }, SHOWN_MS);
}
