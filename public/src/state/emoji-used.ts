import { signal } from "@preact/signals";
import { recall, remember } from "../storage.ts";

const START = ["👍", "❤️", "😂", "🎉", "😮", "🙏"];
const MOST = 18;

/** The emoji used lately on this device, and before any was, those that most people use. */
export const lastUsed = signal<readonly string[]>(recall("emoji", START));

/** The six at hand keep their order, so that fingers find them; a new one takes the last place among them. */
export function noteUsed(emoji: string): void {
  const known = lastUsed.value;
  if (known.slice(0, 6).includes(emoji)) return;
  const rest = known.filter((one) => one !== emoji);
  lastUsed.value = [...rest.slice(0, 5), emoji, ...rest.slice(5)].slice(0, MOST);
  remember("emoji", lastUsed.value);
}
