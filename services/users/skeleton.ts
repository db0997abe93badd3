import unhomoglyph from "unhomoglyph";

const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu;

/** What a glance passes over: spaces, punctuation, controls. Letters, marks, digits and pictures stay. */
const PASSED_OVER = /[^\p{L}\p{M}\p{N}\p{S}]/gu;

/** But 1_23 and 12_3 are two numbers each to everybody: what stands between digits is seen. */
const BETWEEN_DIGITS = /(?<=\p{N})[^\p{L}\p{M}\p{N}\p{S}]+(?=\p{N})/gu;

/** The `skeleton` of UTS #39, section 4: two texts with one skeleton look the same. */
const uts39 = (text: string): string => unhomoglyph(text.normalize("NFD")).normalize("NFD");

/** The letters that are one stroke in many fonts. */
const oneStroke = (text: string): string => text.replace(/[i|!]/g, "l");

/**
 * What a name looks like to somebody in a hurry. Names with one skeleton are taken for each other: it is that of UTS #39
 * with compatibility forms, case, i and l, spaces and punctuation (but between digits) made equal. The data is Unicode's confusables.txt.
 */
export function skeletonOf(name: string): string {
  const plain = name.normalize("NFKC").replace(INVISIBLE, "").replace(BETWEEN_DIGITS, "+");
  // Twice: a capital I looks like l, and what is a capital in another script looks like one of its small letters.
  const folded = oneStroke(uts39(uts39(plain).toLowerCase()));
  return folded.replace(PASSED_OVER, "") || folded;
}
