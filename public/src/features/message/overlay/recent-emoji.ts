import { effect, signal } from "@preact/signals";
import { recallOwn, rememberOwn } from "../../../storage.ts";

const START = ["👍", "❤️", "😂", "🎉", "😮", "🙏"];
const MOST = 18;

const isList = (value: unknown): value is string[] => Array.isArray(value) && value.every((one) => typeof one === "string");

/** The emoji that the present person used lately in this browser, and before any was, those that most people use. */
export const lastUsed = signal<readonly string[]>(START);

effect(() => {
  lastUsed.value = recallOwn("emoji", "", isList) ?? START;
});

/** The six at hand keep their order, so that fingers find them; a new one takes the last place among them. */
export function recordUse(emoji: string): void {
  const known = lastUsed.value;
  if (known.slice(0, 6).includes(emoji)) return;
  const rest = known.filter((one) => one !== emoji);
  lastUsed.value = [...rest.slice(0, 5), emoji, ...rest.slice(5)].slice(0, MOST);
  rememberOwn("emoji", "", lastUsed.value);
}
