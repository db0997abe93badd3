import { limits } from "../../utils/contract/limits.ts";
import { AppError } from "../../utils/errors.ts";
import { exceedsGraphemes } from "../../utils/text/graphemes.ts";
import { hasPiledMarks, PILED_MARKS_MESSAGE } from "../../utils/text/marks.ts";

/** Controls but line ends, what turns the direction of the text around it, and broken characters. */
const FORBIDDEN = /[^\P{Cc}\n]|[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069\u2028\u2029\uFEFF]|\p{Cs}/u;

/** A longer text is rejected before it is normalized. The contract lets no longer one through. */
const MAX_UNITS = 2_000;

function readText(path: string, raw: string, { max }: { max: number }): string | null {
  const refuse = (message: string): never => {
    throw new AppError("invalid_input", { errors: [{ path, message }] });
  };
  if (raw.length > MAX_UNITS) throw new AppError("text_too_long", { max, path });
  if (hasPiledMarks(raw)) return refuse(PILED_MARKS_MESSAGE);
  const text = raw.normalize("NFC").replaceAll("\r\n", "\n").trim();
  if (FORBIDDEN.test(text)) return refuse("must not have control or direction characters");
  if (exceedsGraphemes(text, max)) throw new AppError("text_too_long", { max, path });
  return text === "" ? null : text;
}

/**
 * What somebody tells of themselves, as it is stored; null for nothing.
 * @throws AppError `invalid_input`, `text_too_long { max, path }`
 */
export const readBio = (raw: string): string | null => readText("bio", raw, { max: limits.bioGraphemes });

/** A text on one line. @throws as `readBio` does */
export const readLine = (path: string, raw: string, bounds: { max: number }): string | null =>
  readText(path, raw.replace(/\s+/gu, " "), bounds);

/** How somebody wants to be spoken of, on one line. @throws as `readBio` does */
export const readPronouns = (raw: string): string | null => readLine("pronouns", raw, { max: limits.pronounsGraphemes });
