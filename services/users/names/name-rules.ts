import { limits } from "../../../utils/contract/limits.ts";
import { AppError } from "../../../utils/errors.ts";
import { countGraphemes } from "../../../utils/text/graphemes.ts";

/** All emoji recommended for interchange, sequences included (UTS #51). */
// biome-ignore lint/complexity/useRegexLiterals: TypeScript knows the flag only for a younger target
const EMOJI = new RegExp("\\p{RGI_Emoji}", "gv");

/**
 * Joiners that some scripts require although they are invisible (RFC 5892, appendix A): the non-joiner between Arabic letters, and both
 * joiners after a virama, which removes an Indic vowel.
 */
const NEEDED_JOINERS =
  /(?<=\p{Script=Arabic})\u200C(?=\p{Script=Arabic})|(?<=[\u094D\u09CD\u0A4D\u0ACD\u0B4D\u0BCD\u0C4D\u0CCD\u0D4D\u0DCA])[\u200C\u200D](?=\p{L})/gu;

/** Controls, formats (including direction overrides), private and unassigned characters, line ends, and blanks that count as letters. */
const FORBIDDEN = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Me}\u2800\uFFFC\uFFFD]/u;

/** Marks without a script can be stacked on any letter; those of a script may need four in a row (Burmese, Khmer, Tibetan). */
const PILED_MARKS = /(?:(?=\p{M})\p{Script=Inherited}){3}|\p{M}{5}/u;

/** The size of the column; 32 of the longest emoji sequences would exceed it. */
const MAX_CODE_POINTS = 200;

/** A longer text is rejected before it is normalized. The contract allows none. */
const MAX_UNITS = 400;

const { min, max } = limits.nameGraphemes;
const LENGTH_MESSAGE = `must have ${min} to ${max} characters`;

function faultOf(name: string): string | null {
  const length = countGraphemes(name, max);
  const letters = name.replace(EMOJI, "").replace(NEEDED_JOINERS, "");
  if (length < min || length > max || [...name].length > MAX_CODE_POINTS) return LENGTH_MESSAGE;
  if (FORBIDDEN.test(letters)) return "must not contain control, invisible or direction characters";
  if (PILED_MARKS.test(letters.normalize("NFD")) || /^\p{M}/u.test(name)) return "must not contain stacked combining marks";
  return /[\p{L}\p{N}]/u.test(name) || letters.length < name.length ? null : "must contain a letter, a digit or an emoji";
}

/**
 * Returns a name in stored form: composed (NFC), trimmed, with single spaces.
 * @throws AppError `invalid_input` when it is too short, too long, or has characters that hide or imitate something
 */
export function readName(raw: string): string {
  const reject = (message: string): never => {
    throw new AppError("invalid_input", { errors: [{ path: "displayName", message }] });
  };
  if (!raw.isWellFormed()) return reject("must be well-formed Unicode");
  const trimmed = raw.trim();
  if (trimmed.length > MAX_UNITS) return reject(LENGTH_MESSAGE);
  // Checked here because those that count as white space are replaced below.
  if (/[\p{Cc}\p{Zl}\p{Zp}\uFEFF]/u.test(trimmed)) return reject("must not contain control, invisible or direction characters");
  const name = trimmed.normalize("NFC").replace(/\s+/gu, " ");
  const fault = faultOf(name);
  return fault === null ? name : reject(fault);
}
