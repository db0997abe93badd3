import unhomoglyph from "unhomoglyph";
import { normalizeBounded } from "../../../utils/text/marks.ts";

/** A name is shorter; of a message the beginning says whether it looks like another. */
const UNITS = 1_000;

const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu;

/** What a glance passes over: spaces, punctuation, controls. Letters, marks, digits and pictures stay. */
const PASSED_OVER = /[^\p{L}\p{M}\p{N}\p{S}]/gu;

/**
 * Digits, and the letters that 0 and 1 look like, with what stands between them. It matches from the beginning of a run only: tried from
 * each place of a long run again, it would take time in proportion to the square of the length.
 */
const NUMBERS = /(?<![lo\p{N}])[lo\p{N}]+(?:[^\p{L}\p{M}\p{N}\p{S}]+[lo\p{N}]+)+/gu;

/** But 2_34 and 23_4 are two numbers each to everybody: what stands between digits is seen. */
const keepBetweenDigits = (run: string): string => (/\p{N}/u.test(run) ? run.replace(PASSED_OVER, "+") : run);

/** The `skeleton` of UTS #39, section 4: two texts with one skeleton look the same. */
const uts39 = (text: string): string => normalizeBounded(unhomoglyph(normalizeBounded(text, "NFD", UNITS)), "NFD", UNITS);

const NEGATIVE = /[\u{1F150}-\u{1F169}\u{1F170}-\u{1F189}]/gu;

/** Replaces the letters in black circles and squares, for which Unicode has no compatibility form, by capitals. */
export const withoutNegatives = (text: string): string =>
  text.replace(NEGATIVE, (letter) => {
    const code = letter.codePointAt(0) ?? 0;
    return String.fromCharCode(65 + code - (code < 0x1f170 ? 0x1f150 : 0x1f170));
  });

/**
 * What confusables.txt leaves out: small capitals (to which it maps small letters of Cyrillic and Cherokee), letters that are drawn for
 * Latin ones, and w, which looks like two v. A letter becomes several, not the other way round, so that the beginning of a name keeps
 * being the beginning of its skeleton.
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
  // The letters that are one stroke in many fonts.
  i: "l",
  "|": "l",
  "!": "l",
};
const MORE_ANY = new RegExp(`[${Object.keys(MORE).join("")}]`, "gu");
const mapMore = (text: string): string => text.replace(MORE_ANY, (letter) => MORE[letter] ?? letter);

/**
 * What a name looks like to somebody in a hurry. Names with one skeleton are taken for each other: it is that of UTS #39
 * with compatibility forms, case, i and l, spaces and punctuation (but between digits) made equal. The data is Unicode's confusables.txt
 * and a few pairs that it leaves out. Only the first 1,000 UTF-16 units of a text count.
 *
 * Skeletons are stored: a change here needs a migration of `users.username_skeleton` and `users.name_skeleton`.
 */
export function skeletonOf(name: string): string {
  const plain = withoutNegatives(normalizeBounded(name, "NFKC", UNITS).replace(INVISIBLE, ""));
  // Twice: a capital I looks like l, and what is a capital in another script looks like one of its small letters.
  const folded = mapMore(uts39(uts39(plain).toLowerCase()));
  return folded.replace(NUMBERS, keepBetweenDigits).replace(PASSED_OVER, "") || folded;
}
