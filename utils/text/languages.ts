/** The languages of the server's error details, e-mails and text messages. The first is the fallback. */
export const spokenLanguages = ["en", "es", "pt", "de", "fr", "ja", "ar"] as const;
export type SpokenLanguage = (typeof spokenLanguages)[number];

/** Longer headers are truncated. */
const LONGEST_HEADER = 200;

/** One part of the header, `pt-BR;q=0.8`: a language range and its weight, 1 by default (RFC 9110, 12.4.2 and 12.5.4). */
const RANGE = /^(\*|[a-z]{1,8})(?:-[a-z0-9-]{1,40})?\s*(?:;\s*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?))?$/i;

const isSpoken = (language: string): language is SpokenLanguage => spokenLanguages.some((spoken) => spoken === language);

/**
 * Returns the supported language with the highest weight in an Accept-Language header; the first one if several have the same weight.
 * Invalid parts are ignored.
 */
export function preferredLanguage(header: string): SpokenLanguage | undefined {
  const ranges = header
    .slice(0, LONGEST_HEADER)
    .split(",")
    .flatMap((part) => {
      const [, range, weight = "1"] = RANGE.exec(part.trim()) ?? [];
      const language = range === "*" ? "en" : (range ?? "").toLowerCase();
      return isSpoken(language) && Number(weight) > 0 ? [{ language, weight: Number(weight) }] : [];
    });
  return ranges.sort((a, b) => b.weight - a.weight)[0]?.language;
}

/** Returns the first supported language of a user's languages (BCP 47). */
export const firstSpoken = (languages: readonly string[]): SpokenLanguage | undefined =>
  languages.map((language) => language.split("-")[0]?.toLowerCase() ?? "").find(isSpoken);
