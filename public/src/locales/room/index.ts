import { effect, signal } from "@preact/signals";
import { filled, type Locale, locale, number, type Values } from "../index.ts";
import { pluralRules } from "../intl.ts";
import { type CountedRoomTextKey, en, type RoomTextKey, type RoomTexts } from "./en.ts";

const loaders: Record<Exclude<Locale, "en">, () => Promise<RoomTexts>> = {
  es: () => import("./es.ts").then((file) => file.es),
  pt: () => import("./pt.ts").then((file) => file.pt),
  de: () => import("./de.ts").then((file) => file.de),
  fr: () => import("./fr.ts").then((file) => file.fr),
  ja: () => import("./ja.ts").then((file) => file.ja),
  ar: () => import("./ar.ts").then((file) => file.ar),
};

const words = signal<RoomTexts>(en);

async function load(code: Locale): Promise<void> {
  const loaded = code === "en" ? en : await loaders[code]().catch(() => en);
  if (locale.peek() === code) words.value = loaded;
}

// The texts are loaded with the chat code, and follow the interface language from then on.
effect(() => void load(locale.value));

export const tt = (key: RoomTextKey, values: Values = {}): string => filled(words.value.phrases[key], values);

/** Returns a counted phrase about messages in the plural form of its number. */
export function countedRoomText(key: CountedRoomTextKey, count: number, values: Values = {}): string {
  const forms = words.value.counted[key];
  const form = forms[pluralRules(locale.value).select(count)] ?? forms.other;
  return filled(form, { ...values, count: number(count) });
}
