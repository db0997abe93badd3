/**
 * The maximum number of consecutive combining marks in a text. No script needs this many on one letter; Unicode's stream-safe text format
 * allows 30 (UAX #15, section 13).
 */
export const MARKS_IN_A_ROW = 16;

/** Combining marks, and the two half-width letters that become combining marks by NFKC. */
const MARK = "[\\p{M}\\uff9e\\uff9f]";
const PILED = new RegExp(`${MARK}{${MARKS_IN_A_ROW + 1}}`, "u");
const SURPLUS = new RegExp(`(${MARK}{${MARKS_IN_A_ROW}})${MARK}+`, "gu");

/** The first combining mark of Unicode; a text of smaller units has none. */
const MAY_HAVE_MARKS = /[\u0300-\uffff]/;

/** The message of the validation error for a text for which `hasPiledMarks` is true. */
export const PILED_MARKS_MESSAGE = `must not have more than ${MARKS_IN_A_ROW} combining marks in a row`;

/** Whether a text has more than `MARKS_IN_A_ROW` combining marks in a row. */
export const hasPiledMarks = (text: string): boolean => MAY_HAVE_MARKS.test(text) && PILED.test(text);

/** Cuts a text to at most `max` UTF-16 units, not inside a surrogate pair. */
export function truncateUnits(text: string, max: number): string {
  if (text.length <= max) return text;
  const last = text.charCodeAt(max - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? max - 1 : max);
}

/**
 * Normalizes the beginning of a text at a bounded cost: `normalize` takes time quadratic in the length of a run of combining marks, and
 * NFKC makes a text up to 18 times longer. Cuts the text to `max` UTF-16 units, drops the marks of a run beyond `MARKS_IN_A_ROW`, and cuts
 * the result to `max` units.
 */
export function normalizeBounded(text: string, form: "NFC" | "NFD" | "NFKC" | "NFKD", max: number): string {
  const cut = truncateUnits(text, max);
  const thinned = MAY_HAVE_MARKS.test(cut) ? cut.replace(SURPLUS, "$1") : cut;
  return truncateUnits(thinned.normalize(form), max);
}
