import { effect, signal } from "@preact/signals";
import { recallOwn, rememberOwn } from "../../../storage.ts";

const START = ["👍", "❤️", "😂", "🎉", "😮", "🙏"];
const MOST = 18;

const isList = (value: unknown): value is string[] => Array.isArray(value) && value.every((one) => typeof one === "string");

/** The emoji that the current user used recently in this browser; a default selection before that. */
export const lastUsed = signal<readonly string[]>(START);

effect(() => {
  lastUsed.value = recallOwn("emoji", "", isList) ?? START;
});

/** Records an emoji. The first six keep their positions, so that they are easy to find; a new one takes the sixth. */
export function recordUse(emoji: string): void {
  const known = lastUsed.value;
  if (known.slice(0, 6).includes(emoji)) return;
  const rest = known.filter((one) => one !== emoji);
  lastUsed.value = [...rest.slice(0, 5), emoji, ...rest.slice(5)].slice(0, MOST);
  rememberOwn("emoji", "", lastUsed.value);
}
