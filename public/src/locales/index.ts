import { signal } from "@preact/signals";
import type { Failure } from "../api.ts";
import { settings } from "../shared/state/settings.ts";
import { type CountedKey, en, type PhraseKey, type Texts } from "./en.ts";
import { languageNames, numberFormat, pluralRules } from "./intl.ts";

/** The interface languages, by their own names. */
export const locales = {
  en: "English",
  es: "Español",
  pt: "Português",
  de: "Deutsch",
  fr: "Français",
  ja: "日本語",
  ar: "العربية",
} as const;
export type Locale = keyof typeof locales;

const loaders: Record<Exclude<Locale, "en">, () => Promise<Texts>> = {
  es: () => import("./es.ts").then((file) => file.es),
  pt: () => import("./pt.ts").then((file) => file.pt),
  de: () => import("./de.ts").then((file) => file.de),
  fr: () => import("./fr.ts").then((file) => file.fr),
  ja: () => import("./ja.ts").then((file) => file.ja),
  ar: () => import("./ar.ts").then((file) => file.ar),
};

export const locale = signal<Locale>("en");
const words = signal<Texts>(en);
export type Values = Record<string, string | number>;

const isLocale = (code: string): code is Locale => code in locales;

/** Returns the first supported language of those requested; English otherwise. */
export function pickLocale(wished: readonly string[]): Locale {
  return wished.map((tag) => tag.split("-")[0]?.toLowerCase() ?? "").find(isLocale) ?? "en";
}

/** Applies the chosen language, or the browser's. Falls back to English if its texts fail to load. */
export async function speak(): Promise<void> {
  const chosen = settings.value.locale;
  const code = chosen && isLocale(chosen) ? chosen : pickLocale(navigator.languages);
  const loaded = code === "en" ? en : await loaders[code]().catch(() => null);
  words.value = loaded ?? en;
  locale.value = loaded ? code : "en";
  document.documentElement.lang = locale.value;
  document.documentElement.dir = locale.value === "ar" ? "rtl" : "ltr";
}

export const filled = (text: string, values: Values): string =>
  text.replace(/\{(\w+)\}/g, (whole, key: string) => String(values[key] ?? whole));

export const number = (value: number): string => numberFormat(locale.value).format(value);

/** Isolates a name from the text direction of the surrounding sentence. */
export const isolated = (name: string): string => `\u2068${name}\u2069`;

export const t = (key: PhraseKey, values: Values = {}): string => filled(words.value.phrases[key], values);

/** Returns a counted phrase in the plural form of its number. */
export function counted(key: CountedKey, count: number, values: Values = {}): string {
  const forms = words.value.counted[key];
  const form = forms[pluralRules(locale.value).select(count)] ?? forms.other;
  return filled(form, { ...values, count: number(count) });
}

/** Returns the text of an error in the interface language. */
export const explain = (code: Failure): string => words.value.errors[code] ?? words.value.errors.internal;

const formats = new Map<string, Intl.DateTimeFormat>();
const format = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat => {
  const key = locale.value + JSON.stringify(options);
  const known = formats.get(key) ?? new Intl.DateTimeFormat(locale.value, options);
  formats.set(key, known);
  return known;
};

export const timeOf = (moment: Date): string => format({ hour: "numeric", minute: "2-digit" }).format(moment);
export const exactTime = (moment: Date): string => format({ dateStyle: "full", timeStyle: "medium" }).format(moment);

const dayNumber = (moment: Date): number => Math.floor((moment.getTime() - moment.getTimezoneOffset() * 60_000) / 86_400_000);

/** Returns "Today", "Yesterday", or the date. */
export function dayOf(moment: Date, now = new Date()): string {
  const ago = dayNumber(now) - dayNumber(moment);
  if (ago === 0) return t("today");
  if (ago === 1) return t("yesterday");
  const isThisYear = moment.getFullYear() === now.getFullYear();
  return format({ weekday: "long", day: "numeric", month: "long", ...(isThisYear ? {} : { year: "numeric" }) }).format(moment);
}

/** Returns a short time for lists: the time if today, the weekday within a week, otherwise the date. */
export function recentOf(moment: Date, now = new Date()): string {
  const ago = dayNumber(now) - dayNumber(moment);
  if (ago === 0) return timeOf(moment);
  if (ago > 0 && ago < 7) return format({ weekday: "short" }).format(moment);
  return format({ day: "numeric", month: "short" }).format(moment);
}

/** Formats a number of bytes as a file size. */
export function sizeOf(bytes: number): string {
  const [value, unit] = bytes < 1_000_000 ? [Math.max(1, bytes / 1_000), "kilobyte"] : [bytes / 1_000_000, "megabyte"];
  return new Intl.NumberFormat(locale.value, { style: "unit", unit, maximumFractionDigits: value < 10 ? 1 : 0 }).format(value);
}

/** Formats a number of days. */
export const daysOf = (days: number): string =>
  new Intl.NumberFormat(locale.value, { style: "unit", unit: "day", unitDisplay: "long" }).format(days);

export const formatTime = (moment: Date): string => format({ dateStyle: "medium", timeStyle: "short" }).format(moment);
export const dateOf = (moment: Date): string => format({ dateStyle: "long" }).format(moment);

/** Formats a time relative to now, such as "in 3 hours" or "2 days ago", as short as possible. */
export function aheadOf(moment: Date, now = Date.now()): string {
  const minutes = Math.round((moment.getTime() - now) / 60_000);
  const relative = new Intl.RelativeTimeFormat(locale.value, { numeric: "auto" });
  if (Math.abs(minutes) < 60) return relative.format(minutes, "minute");
  const hours = Math.round(minutes / 60);
  return Math.abs(hours) <= 48 ? relative.format(hours, "hour") : relative.format(Math.round(hours / 24), "day");
}

/** Returns a language's name in the interface language. */
export function languageNamed(code: string): string {
  try {
    const name = languageNames(locale.value).of(code) ?? code;
    return name.charAt(0).toLocaleUpperCase(locale.value) + name.slice(1);
  } catch {
    return code;
  }
}
