import { limits } from "../../utils/contract/limits.ts";
import { AppError } from "../../utils/errors.ts";
import { exceedsGraphemes } from "../../utils/text/graphemes.ts";
import { hasPiledMarks, PILED_MARKS_MESSAGE } from "../../utils/text/marks.ts";

/** Controls except line ends, characters that change the direction of surrounding text, and broken characters. */
const FORBIDDEN = /[^\P{Cc}\n]|[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069\u2028\u2029\uFEFF]|\p{Cs}/u;

/** A longer text is rejected before it is normalized. The contract allows none. */
const MAX_UNITS = 2_000;

function readText(path: string, raw: string, { max }: { max: number }): string | null {
  const reject = (message: string): never => {
    throw new AppError("invalid_input", { errors: [{ path, message }] });
  };
  if (raw.length > MAX_UNITS) throw new AppError("text_too_long", { max, path });
  if (hasPiledMarks(raw)) return reject(PILED_MARKS_MESSAGE);
  const text = raw.normalize("NFC").replaceAll("\r\n", "\n").trim();
  if (FORBIDDEN.test(text)) return reject("must not contain control or direction characters");
  if (exceedsGraphemes(text, max)) throw new AppError("text_too_long", { max, path });
  return text === "" ? null : text;
}

/**
 * Returns a bio in stored form; null for an empty text.
 * @throws AppError `invalid_input`, `text_too_long { max, path }`
 */
export const readBio = (raw: string): string | null => readText("bio", raw, { max: limits.bioGraphemes });

/** Returns a text in stored form on one line. @throws as `readBio` does */
export const readLine = (path: string, raw: string, bounds: { max: number }): string | null =>
  readText(path, raw.replace(/\s+/gu, " "), bounds);

/** Returns pronouns in stored form on one line. @throws as `readBio` does */
export const readPronouns = (raw: string): string | null => readLine("pronouns", raw, { max: limits.pronounsGraphemes });
