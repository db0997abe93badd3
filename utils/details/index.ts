import type { ErrorCode } from "../contract/errors.ts";
import { ar } from "./ar.ts";
import { de } from "./de.ts";
import { en } from "./en.ts";
import { es } from "./es.ts";
import { fr } from "./fr.ts";
import { ja } from "./ja.ts";
import { pt } from "./pt.ts";

const languages: ReadonlyMap<string, Record<ErrorCode, string>> = new Map(Object.entries({ ar, de, en, es, fr, ja, pt }));

/** Longer headers are cut: no reader has so many languages. */
const LONGEST_HEADER = 200;

/** One part of the header, `pt-BR;q=0.8`: a language range and how dear it is, 1 unless said (RFC 9110, 12.4.2 and 12.5.4). */
const RANGE = /^(\*|[a-z]{1,8})(?:-[a-z0-9-]{1,40})?\s*(?:;\s*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?))?$/i;

/** The dearest language of an Accept-Language header that we speak; of equally dear ones the first. What cannot be read is passed over. */
function preferred(header: string): string | undefined {
  const ranges = header
    .slice(0, LONGEST_HEADER)
    .split(",")
    .flatMap((part) => {
      const [, language, weight = "1"] = RANGE.exec(part.trim()) ?? [];
      return language === undefined ? [] : [{ language: language === "*" ? "en" : language.toLowerCase(), weight: Number(weight) }];
    });
  return ranges.filter(({ language, weight }) => languages.has(language) && weight > 0).sort((a, b) => b.weight - a.weight)[0]?.language;
}

/** A refusal in one sentence, in the caller's language where we speak it, else in English. */
export function detailOf(code: ErrorCode, acceptLanguage = ""): string {
  return (languages.get(preferred(acceptLanguage) ?? "en") ?? en)[code];
}
