import { effect, signal } from "@preact/signals";
import { filled, type Locale, locale, number, type Values } from "../index.ts";
import { type AccountCountedKey, type AccountKey, type AccountWords, en } from "./en.ts";

const loaders: Record<Exclude<Locale, "en">, () => Promise<AccountWords>> = {
  es: () => import("./es.ts").then((file) => file.es),
  pt: () => import("./pt.ts").then((file) => file.pt),
  de: () => import("./de.ts").then((file) => file.de),
  fr: () => import("./fr.ts").then((file) => file.fr),
  ja: () => import("./ja.ts").then((file) => file.ja),
  ar: () => import("./ar.ts").then((file) => file.ar),
};

const words = signal<AccountWords>(en);

async function load(code: Locale): Promise<void> {
  const loaded = code === "en" ? en : await loaders[code]().catch(() => en);
  if (locale.peek() === code) words.value = loaded;
}

let loading: Promise<void> | null = null;

/** Fetches the words of the account pages, and keeps them in the interface's language from then on. */
export function speakOfAccounts(): Promise<void> {
  if (loading) return loading;
  effect(() => {
    loading = load(locale.value);
  });
  return loading ?? Promise.resolve();
}

export const ta = (key: AccountKey, values: Values = {}): string => filled(words.value.phrases[key], values);

/** A counted phrase of the account pages in the form its number needs. */
export function countedOf(key: AccountCountedKey, count: number, values: Values = {}): string {
  const forms = words.value.counted[key];
  const form = forms[new Intl.PluralRules(locale.value).select(count)] ?? forms.other;
  return filled(form, { ...values, count: number(count) });
}
