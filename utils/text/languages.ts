/** The languages the server itself speaks: in refusals, mails and text messages. The first serves whoever speaks none of them. */
export const spokenLanguages = ["en", "es", "pt", "de", "fr", "ja", "ar"] as const;
export type SpokenLanguage = (typeof spokenLanguages)[number];

/** Longer headers are cut: no reader has so many languages. */
const LONGEST_HEADER = 200;

/** One part of the header, `pt-BR;q=0.8`: a language range and how dear it is, 1 unless said (RFC 9110, 12.4.2 and 12.5.4). */
const RANGE = /^(\*|[a-z]{1,8})(?:-[a-z0-9-]{1,40})?\s*(?:;\s*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?))?$/i;

const isSpoken = (language: string): language is SpokenLanguage => spokenLanguages.some((spoken) => spoken === language);

/** The dearest language of an Accept-Language header that we speak; of equally dear ones the first. What cannot be read is passed over. */
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

/** The first of somebody's languages (BCP 47) that we speak. */
export const firstSpoken = (languages: readonly string[]): SpokenLanguage | undefined =>
  languages.map((language) => language.split("-")[0]?.toLowerCase() ?? "").find(isSpoken);
