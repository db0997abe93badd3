import { signal } from "@preact/signals";
import { decodeWords } from "../../../../utils/contract/text/word-filter.ts";

/** Whether a password is one of the common passwords that the server rejects; null until the list has loaded. */
export const isCommonPassword = signal<((word: string) => boolean) | null>(null);

let isAsked = false;

async function load(): Promise<void> {
  const { default: encoded } = await import("virtual:common-passwords");
  const bytes = Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0));
  const isCommon = decodeWords(bytes);
  isCommonPassword.value = isCommon;
}

/** Loads the list once. A failed attempt is retried by the next call. */
export function loadCommonPasswords(): void {
  if (isAsked) return;
  isAsked = true;
  void load().catch(() => {
    isAsked = false;
  });
}
