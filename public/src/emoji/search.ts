import { effect, signal } from "@preact/signals";
import { type Locale, locale } from "../locales/index.ts";
import { comparable, comparableInput } from "../shared/text/comparable.ts";
import { type EmojiGroup, everyEmoji, groupNames, groups } from "./list.ts";
import { en } from "./names/en.ts";

export type Emoji = { emoji: string; name: string; words: string };

const loaders: Record<Exclude<Locale, "en">, () => Promise<string>> = {
  es: () => import("./names/es.ts").then((file) => file.es),
  pt: () => import("./names/pt.ts").then((file) => file.pt),
  de: () => import("./names/de.ts").then((file) => file.de),
  fr: () => import("./names/fr.ts").then((file) => file.fr),
  ja: () => import("./names/ja.ts").then((file) => file.ja),
  ar: () => import("./names/ar.ts").then((file) => file.ar),
};

/** Returns the entries of one language's names, in the order of the list. */
export const entriesOf = (names: string): string[] => names.trim().split(/[|\n]/);

const english = entriesOf(en);
const own = signal<readonly string[]>(english);

async function load(code: Locale): Promise<void> {
  const names = code === "en" ? english : entriesOf(await loaders[code]().catch(() => en));
  if (locale.peek() === code) own.value = names;
}

effect(() => void load(locale.value));

const nameIn = (entry: string): string => entry.split("/")[0] ?? "";

/** Returns every emoji with its name in the interface language; searchable by that name and by its English keywords. */
const all = (): Emoji[] =>
  everyEmoji.map((emoji, at) => ({
    emoji,
    name: nameIn(own.value[at] ?? ""),
    words: comparable(`${own.value[at]} ${english[at]}`).replaceAll("/", " "),
  }));

/** Returns the emoji with keywords that start with the input, best matches first. */
export function findEmoji(wanted: string, most = Number.POSITIVE_INFINITY): Emoji[] {
  const parts = comparableInput(wanted)
    .split(/[\s_]+/)
    .filter(Boolean);
  if (parts.length === 0) return all().slice(0, most);
  const rank = ({ name, words }: Emoji): number => {
    const list = words.split(" ");
    if (!parts.every((part) => list.some((word) => word.startsWith(part)))) return 0;
    return comparable(name).startsWith(parts[0] ?? "") ? 2 : 1;
  };
  return all()
    .map((one) => ({ one, rank: rank(one) }))
    .filter((found) => found.rank > 0)
    .sort((a, b) => b.rank - a.rank)
    .slice(0, most)
    .map(({ one }) => one);
}

export const nameOfEmoji = (emoji: string): string => all().find((one) => one.emoji === emoji)?.name ?? emoji;

export function groupsOfEmoji(): { group: EmojiGroup; emoji: Emoji[] }[] {
  const list = all();
  let from = 0;
  return groupNames.map((group) => {
    const count = groups[group].split(" ").length;
    from += count;
    return { group, emoji: list.slice(from - count, from) };
  });
}
