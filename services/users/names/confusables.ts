import unhomoglyph from "unhomoglyph";
import { normalizeBounded } from "../../../utils/text/marks.ts";

/** The compared length in UTF-16 units. Names are shorter; for a message its beginning suffices. */
const UNITS = 1_000;

const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu;

/** Characters that a reader ignores: spaces, punctuation, controls. Letters, marks, digits and symbols stay. */
const IGNORED = /[^\p{L}\p{M}\p{N}\p{S}]/gu;

/**
 * Digits, the letters that 0 and 1 look like, and the separators between them. Matches only from the beginning of a run: matching from
 * every position of a long run would take quadratic time.
 */
const NUMBERS = /(?<![lo\p{N}])[lo\p{N}]+(?:[^\p{L}\p{M}\p{N}\p{S}]+[lo\p{N}]+)+/gu;

/** Keeps separators between digits, because they are visible: 2_34 and 23_4 are different numbers. */
const keepBetweenDigits = (run: string): string => (/\p{N}/u.test(run) ? run.replace(IGNORED, "+") : run);

/** Returns the `skeleton` of UTS #39, section 4: two texts with one skeleton look the same. */
const uts39 = (text: string): string => normalizeBounded(unhomoglyph(normalizeBounded(text, "NFD", UNITS)), "NFD", UNITS);

const NEGATIVE = /[\u{1F150}-\u{1F169}\u{1F170}-\u{1F189}]/gu;

/** Replaces the letters in black circles and squares, for which Unicode has no compatibility form, by capitals. */
export const withoutNegatives = (text: string): string =>
  text.replace(NEGATIVE, (letter) => {
    const code = letter.codePointAt(0) ?? 0;
    return String.fromCharCode(65 + code - (code < 0x1f170 ? 0x1f150 : 0x1f170));
  });

/**
 * Confusables that confusables.txt lacks: small capitals (to which it maps small letters of Cyrillic and Cherokee), letters used in place
 * of Latin ones, and w, which looks like two v. One letter maps to several, not the reverse, so that a prefix of a name has a prefix of
 * its skeleton.
 */
const MORE: Readonly<Record<string, string>> = {
  ᴀ: "a",
  ʙ: "b",
  ᴅ: "d",
  ᴇ: "e",
  ꜰ: "f",
  ɢ: "g",
  ʜ: "h",
  ᴊ: "j",
  ĸ: "k",
  ʟ: "l",
  ʍ: "rn",
  ɴ: "n",
  ᴘ: "p",
  ꞯ: "q",
  ʀ: "r",
  ᴛ: "t",
  ʌ: "a",
  π: "n",
  ᴎ: "n",
  ᴙ: "r",
  w: "vv",
  // Letters that look like a single stroke in many fonts.
  i: "l",
  "|": "l",
  "!": "l",
};
const MORE_ANY = new RegExp(`[${Object.keys(MORE).join("")}]`, "gu");
const mapMore = (text: string): string => text.replace(MORE_ANY, (letter) => MORE[letter] ?? letter);

/**
 * Returns the skeleton of a name. Names with the same skeleton look alike at a glance: it is the skeleton of UTS #39 that also ignores
 * compatibility forms, case, i versus l, spaces and punctuation (except between digits). The data is Unicode's confusables.txt and a few
 * pairs that it lacks. Only the first 1,000 UTF-16 units of a text count.
 *
 * Skeletons are stored: a change here needs a migration of `users.username_skeleton` and `users.name_skeleton`.
 */
export function skeletonOf(name: string): string {
  const plain = withoutNegatives(normalizeBounded(name, "NFKC", UNITS).replace(INVISIBLE, ""));
  // Applied twice: a capital I looks like l, and a capital of another script may look like one of its small letters.
  const skeleton = mapMore(uts39(uts39(plain).toLowerCase()));
  return skeleton.replace(NUMBERS, keepBetweenDigits).replace(IGNORED, "") || skeleton;
}
