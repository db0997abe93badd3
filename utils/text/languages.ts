import Negotiator from "negotiator";

/** The languages of the server's error details, e-mails and text messages. The first is the fallback. */
export const supportedLanguages = ["en", "es", "pt", "de", "fr", "ja", "ar"] as const;
export type SupportedLanguage = (typeof supportedLanguages)[number];

/** Longer headers are truncated. */
const LONGEST_HEADER = 200;

const isSupported = (language: string): language is SupportedLanguage => supportedLanguages.some((supported) => supported === language);

/** Returns the first supported language of a list of BCP 47 tags, whatever their region. */
export const firstSupported = (tags: readonly string[]): SupportedLanguage | undefined =>
  tags.map((tag) => tag.split("-")[0]?.toLowerCase() ?? "").find(isSupported);

/**
 * Returns the supported language with the highest weight in an Accept-Language header; the first one if several have the same weight.
 * `*` means the fallback. Unreadable parts are ignored.
 */
export function preferredLanguage(header: string): SupportedLanguage | undefined {
  const negotiator = new Negotiator({ headers: { "accept-language": header.slice(0, LONGEST_HEADER) } });
  // Sorted by weight. With the supported languages as argument, the negotiator would prefer "de" to the "en-GB" of "en-GB, de;q=0.9, en;q=0.8".
  const tags = negotiator.languages();
  return firstSupported(tags.map((tag) => (tag === "*" ? supportedLanguages[0] : tag)));
}
