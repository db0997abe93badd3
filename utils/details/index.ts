import type { ErrorCode } from "../contract/errors.ts";
import { en } from "./en.ts";

const languages: Record<string, Record<ErrorCode, string>> = { en };

/** The languages of an Accept-Language header that we speak, the dearest first (RFC 9110, 12.5.4). */
function preferred(header: string): string | undefined {
  return header
    .slice(0, 200)
    .split(",")
    .map((part) => {
      const [tag = "", weight = "q=1"] = part.trim().split(";");
      return { language: tag.split("-")[0]?.toLowerCase() ?? "", weight: Number(weight.trim().slice(2)) || 0 };
    })
    .filter(({ language, weight }) => Object.hasOwn(languages, language) && weight > 0)
    .sort((a, b) => b.weight - a.weight)[0]?.language;
}

/** A refusal in one sentence, in the caller's language where we speak it, else in English. */
export function detailOf(code: ErrorCode, acceptLanguage = ""): string {
  return (languages[preferred(acceptLanguage) ?? "en"] ?? en)[code];
}
