import { effect, signal } from "@preact/signals";
import type { Forms } from "./en.ts";
import { filled, type Locale, locale, number, type Values } from "./index.ts";
import { pluralRules } from "./intl.ts";

type Bundle<Phrase extends string, Counted extends string> = { phrases: Record<Phrase, string>; counted: Record<Counted, Forms> };

/** Words that come with the part of the page that needs them: English at once, the reader's language when it has loaded. */
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
    /** Fetches the words, and keeps them in the interface's language from then on. */
    speak: (): Promise<void> => {
      if (loading) return loading;
      effect(() => {
        loading = load(locale.value);
      });
      return loading ?? Promise.resolve();
    },
    phrase: (key: Phrase, values: Values = {}): string => filled(words.value.phrases[key], values),
    /** A counted phrase in the form its number needs; `values.count` where the number is to be written otherwise. */
    counted: (key: Counted, count: number, values: Values = {}): string => {
      const forms = words.value.counted[key];
      const form = forms[pluralRules(locale.value).select(count)] ?? forms.other;
      return filled(form, { count: number(count), ...values });
    },
  };
}
