import { eld } from "eld/small";

/** So much of a text tells its language; more only costs: every message pays 0.3 µs a character. */
const READ = 80;

/** What is written alike in every language: addresses, code, names of people, and words with digits in them. */
const ALIKE = /```[\s\S]*?(?:```|$)|`[^`\n]*`|https?:\/\/\S+|<@[^>\s]*>|[@#]\S+|\S*\d\S*/gu;

const LETTERS = /\p{L}/gu;

/** Scripts in which a few characters are words already. */
const DENSE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/u;

/** Fewer letters than this could be many languages. */
const ENOUGH = /^(?:\P{L}*\p{L}){14}/u;
const ENOUGH_DENSE = /^(?:\P{L}*\p{L}){4}/u;

/** Scripts that one language alone is written in. */
const OWN_SCRIPTS = [
  ["ko", /\p{Script=Hangul}/gu],
  ["ja", /[\p{Script=Hiragana}\p{Script=Katakana}]/gu],
  ["th", /\p{Script=Thai}/gu],
] as const;

/** So great a share of the letters in such a script is that language; some Chinese characters belong to a Japanese sentence. */
const SHARE = 0.3;

function byScript(words: string): string | undefined {
  const letters = words.match(LETTERS)?.length ?? 0;
  return OWN_SCRIPTS.find(([, script]) => (words.match(script)?.length ?? 0) >= letters * SHARE)?.[0];
}

function byWords(words: string): string | undefined {
  const found = eld.detect(words);
  return found.language !== "" && found.isReliable() ? found.language : undefined;
}

const base = (code: string | null): string => code?.split("-")[0] ?? "";

/**
 * The language a text is written in, as a BCP 47 tag; the room's own where the text is too short or too odd to tell, and where
 * it agrees with it, since the room knows the region.
 */
export function languageOf(text: string, roomLanguage: string | null): string | null {
  const words = text
    .slice(0, READ * 2)
    .replace(ALIKE, " ")
    .slice(0, READ);
  const isDense = DENSE.test(words);
  if (!(isDense ? ENOUGH_DENSE : ENOUGH).test(words)) return roomLanguage;
  const found = (isDense ? byScript(words) : undefined) ?? byWords(words);
  return found === undefined || found === base(roomLanguage) ? roomLanguage : found;
}
