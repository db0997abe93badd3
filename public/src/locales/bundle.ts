import { effect, signal } from "@preact/signals";
import type { Forms } from "./en.ts";
import { filled, type Locale, locale, number, type Values } from "./index.ts";
import { pluralRules } from "./intl.ts";

type Bundle<Phrase extends string, Counted extends string> = { phrases: Record<Phrase, string>; counted: Record<Counted, Forms> };

/**
 * Creates a bundle of texts that is loaded with the part of the page that needs it: English immediately, the interface language once
 * loaded.
 */
export function textsOfBundle<Phrase extends string, Counted extends string>(
  en: Bundle<Phrase, Counted>,
  loaders: Record<Exclude<Locale, "en">, () => Promise<Bundle<Phrase, Counted>>>,
) {
  const words = signal(en);
  let loading: Promise<void> | null = null;

  const load = async (code: Locale): Promise<void> => {
    const loaded = code === "en" ? en : await loaders[code]().catch(() => en);
    if (locale.peek() === code) words.value = loaded;
  };

  return {
    /** Loads the texts, and keeps them in the interface language from then on. */
    speak: (): Promise<void> => {
      if (loading) return loading;
      effect(() => {
        loading = load(locale.value);
      });
      return loading ?? Promise.resolve();
    },
    phrase: (key: Phrase, values: Values = {}): string => filled(words.value.phrases[key], values),
    /** Returns a counted phrase in the plural form of its number; `values.count` overrides how the number is written. */
    counted: (key: Counted, count: number, values: Values = {}): string => {
      const forms = words.value.counted[key];
      const form = forms[pluralRules(locale.value).select(count)] ?? forms.other;
      return filled(form, { count: number(count), ...values });
    },
  };
}
