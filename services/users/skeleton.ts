import unhomoglyph from "unhomoglyph";

const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu;

/** What a glance passes over: spaces, punctuation, controls. Letters, marks, digits and pictures stay. */
const PASSED_OVER = /[^\p{L}\p{M}\p{N}\p{S}]/gu;

/** Digits, and the letters that 0 and 1 look like, with what stands between them. */
const NUMBERS = /[lo\p{N}]+(?:[^\p{L}\p{M}\p{N}\p{S}]+[lo\p{N}]+)+/gu;

/** But 2_34 and 23_4 are two numbers each to everybody: what stands between digits is seen. */
const keepBetweenDigits = (run: string): string => (/\p{N}/u.test(run) ? run.replace(PASSED_OVER, "+") : run);

/** The `skeleton` of UTS #39, section 4: two texts with one skeleton look the same. */
const uts39 = (text: string): string => unhomoglyph(text.normalize("NFD")).normalize("NFD");

/** The letters that are one stroke in many fonts. */
const oneStroke = (text: string): string => text.replace(/[i|!]/g, "l");

/**
 * What a name looks like to somebody in a hurry. Names with one skeleton are taken for each other: it is that of UTS #39
 * with compatibility forms, case, i and l, spaces and punctuation (but between digits) made equal. The data is Unicode's confusables.txt.
 */
export function skeletonOf(name: string): string {
  const plain = name.normalize("NFKC").replace(INVISIBLE, "");
  // Twice: a capital I looks like l, and what is a capital in another script looks like one of its small letters.
  const folded = oneStroke(uts39(uts39(plain).toLowerCase()));
  return folded.replace(NUMBERS, keepBetweenDigits).replace(PASSED_OVER, "") || folded;
}
