import { stemmer as bulgarian } from "@orama/stemmers/bulgarian";
import { stemmer as danish } from "@orama/stemmers/danish";
import { stemmer as dutch } from "@orama/stemmers/dutch";
import { stemmer as english } from "@orama/stemmers/english";
import { stemmer as finnish } from "@orama/stemmers/finnish";
import { stemmer as french } from "@orama/stemmers/french";
import { stemmer as german } from "@orama/stemmers/german";
import { stemmer as greek } from "@orama/stemmers/greek";
import { stemmer as hungarian } from "@orama/stemmers/hungarian";
import { stemmer as indonesian } from "@orama/stemmers/indonesian";
import { stemmer as italian } from "@orama/stemmers/italian";
import { stemmer as norwegian } from "@orama/stemmers/norwegian";
import { stemmer as portuguese } from "@orama/stemmers/portuguese";
import { stemmer as romanian } from "@orama/stemmers/romanian";
import { stemmer as russian } from "@orama/stemmers/russian";
import { stemmer as spanish } from "@orama/stemmers/spanish";
import { stemmer as swedish } from "@orama/stemmers/swedish";
import { stemmer as turkish } from "@orama/stemmers/turkish";
import { stemmer as ukrainian } from "@orama/stemmers/ukrainian";
import { accentedSpanish, arabicStem, germanStem, italianStem, portugueseStem } from "./light-stems.ts";
import { normalizeWord } from "./normalize.ts";
import type { Segment } from "./segments.ts";

const latin: Readonly<Record<string, (word: string) => string>> = {
  en: english,
  es: spanish,
  pt: portuguese,
  fr: french,
  de: german,
  it: italian,
  nl: dutch,
  da: danish,
  sv: swedish,
  no: norwegian,
  fi: finnish,
  hu: hungarian,
  ro: romanian,
  tr: turkish,
  id: indonesian,
};
const cyrillic = { ru: russian, uk: ukrainian, bg: bulgarian };
const hellenic = { el: greek };
const stemmers: Readonly<Record<string, (word: string) => string>> = { ...latin, ...cyrillic, ...hellenic, nb: norwegian, nn: norwegian };

/** A language whose stems a word may have; `ar` has a separate stemmer. */
export type StemLanguage = string;

const SCRIPTS: readonly { letters: RegExp; languages: readonly StemLanguage[]; unknown: readonly StemLanguage[] }[] = [
  { letters: /^\p{Script=Latin}/u, languages: Object.keys(latin), unknown: ["en", "es", "pt", "fr", "de", "it"] },
  { letters: /^\p{Script=Cyrillic}/u, languages: Object.keys(cyrillic), unknown: ["ru"] },
  { letters: /^\p{Script=Arabic}/u, languages: ["ar"], unknown: ["ar"] },
  { letters: /^\p{Script=Greek}/u, languages: Object.keys(hellenic), unknown: ["el"] },
];

const primary = (code: string): string => {
  const language = code.split("-")[0] ?? code;
  return language === "nb" || language === "nn" ? "no" : language;
};

/** Longer runs are not natural words. */
const LONGEST_WORD = 40;

/** The original spelling may have two marks on every letter, as in vocalized Arabic. */
const LONGEST_SPELLING = 3 * LONGEST_WORD;

const isStemmed = ({ kind, text, spelling }: Segment): boolean =>
  kind === "word" && text.length >= 3 && text.length <= LONGEST_WORD && spelling.length <= LONGEST_SPELLING && !/\d/.test(text);

/**
 * Returns the languages in which a word of a text is stemmed: those of the text that use its script, otherwise the most likely ones of the
 * script.
 */
export function languagesOfWord(segment: Segment, codes: readonly string[]): readonly StemLanguage[] {
  if (!isStemmed(segment)) return [];
  const script = SCRIPTS.find(({ letters }) => letters.test(segment.text));
  if (script === undefined) return [];
  const own = codes.map(primary).filter((code) => script.languages.includes(code));
  return own.length > 0 ? own : script.unknown;
}

/** Returns the languages that a word of a query may belong to. */
export const languagesOfQueryWord = (segment: Segment): readonly StemLanguage[] =>
  isStemmed(segment) ? (SCRIPTS.find(({ letters }) => letters.test(segment.text))?.languages ?? []) : [];

function computeStem({ text, spelling }: Pick<Segment, "text" | "spelling">, language: StemLanguage): readonly string[] {
  if (language === "ar") return [arabicStem(text)];
  const stem = stemmers[language];
  if (stem === undefined) return [];
  // Accents are often omitted: both spellings must share one of the stems.
  const stems = [normalizeWord(stem(spelling)), ...(spelling === text ? [] : [normalizeWord(stem(text))])];
  if (language === "es") return [...stems, normalizeWord(stem(accentedSpanish(text)))];
  const further = [language === "pt" ? portugueseStem(text) : null, language === "it" ? italianStem(text) : null];
  const verbs = language === "de" ? stems.map(germanStem) : [];
  return [...stems, ...[...further, ...verbs].filter((one) => one !== null)];
}

const CACHE_MAX = 50_000;
const cache = new Map<string, readonly string[]>();

/** Returns the normalized stems of a word in a language; none if the word is too long. Common words are cached. */
export function stemsOf(segment: Pick<Segment, "text" | "spelling">, language: StemLanguage): readonly string[] {
  if (segment.text.length > LONGEST_WORD || segment.spelling.length > LONGEST_SPELLING) return [];
  const key = `${language}:${segment.spelling}`;
  const cached = cache.get(key);
  if (cached !== undefined) return cached;
  if (cache.size >= CACHE_MAX) cache.clear();
  const stems = computeStem(segment, language);
  cache.set(key, stems);
  return stems;
}
