import { limits } from "../../../../utils/contract/limits.ts";
import { normalizeBounded, truncateUnits } from "../../../../utils/text/marks.ts";
import { withoutNegatives } from "../../../users/names/confusables.ts";
import { kindOf, kinds, longLookOf, lookOf, lowerOf, SEVERAL } from "./letters.ts";

/** What separates a letter from the one before it, weakest first. */
export const gaps = { none: 0, joiner: 1, apostrophe: 2, space: 3, wide: 4 } as const;

/**
 * The letters of a text without what is between them. Digits and some symbols count as the letters that they resemble. All properties are
 * in one list, of which the functions below read the fields, so that a text needs a single allocation.
 */
export type LetterStream = {
  readonly length: number;
  readonly fields: Int32Array;
  /** Whether the text has letters in a compatibility form, such as 𝐚, ａ or ⓐ. */
  readonly hasStyledLetters: boolean;
  /** Whether it counts bars such as `!` as letters that may as well be separators. */
  readonly hasBars: boolean;
};

/** The fields of a letter: its look, the letter itself, the end of its run, and its kind, gap and mark together. */
const FIELDS = 4;

/** Returns the letter that a letter looks like: look-alikes, accents and case make no difference. */
export const lookAt = ({ fields }: LetterStream, at: number): number => fields[at * FIELDS] ?? 0;

/** Returns the small letter itself, in compatibility form. */
export const letterAt = ({ fields }: LetterStream, at: number): number => fields[at * FIELDS + 1] ?? 0;

/** Returns the end (exclusive) of the run of letters with the same look, whatever is between them. */
export const runEndAt = ({ fields }: LetterStream, at: number): number => fields[at * FIELDS + 2] ?? 0;

/** Returns the kind of the character, see `kinds`. */
export const kindAt = ({ fields }: LetterStream, at: number): number => (fields[at * FIELDS + 3] ?? 0) & 0xff;

/** Returns what separates a letter from the one before it, see `gaps`. */
export const gapAt = ({ fields }: LetterStream, at: number): number => ((fields[at * FIELDS + 3] ?? 0) >> 8) & 0xff;

const GAP_BITS = 0xff00;
const MARKED = 1 << 16;

/** The most letters that one letter looks like. */
const MAX_LOOKS = 3;

/** Whether a letter is disguised by invisible characters or marks that no language uses. */
export const isMarkedAt = ({ fields }: LetterStream, at: number): boolean => ((fields[at * FIELDS + 3] ?? 0) & MARKED) !== 0;

/** How much of a text is read, in UTF-16 units: the longest text of a message. */
const UNITS = limits.textUnits;

/** Letters in a compatibility form: superscripts, in circles and squares, mathematical, full-width. */
const STYLED =
  /[\u{1d400}-\u{1d7ff}\uff21-\uff3a\uff41-\uff5a\u24b6-\u24e9\u249c-\u24b5\u2070-\u209c\u2100-\u214f\u02b0-\u02b8\u1d2c-\u1d6a\u{1f130}-\u{1f189}]/u;

const NOT_ASCII = /[^\0-\x7f]/;

const isWordLetter = (kind: number): boolean => kind === kinds.letter || kind === kinds.dense;

/** The kind of the character at a place of a text; 0 outside of it. */
const kindIn = (text: string, at: number): number => (at < 0 || at >= text.length ? 0 : kindOf(text.codePointAt(at) ?? 0));

/** The kind of the character that ends before a place. */
function kindBefore(text: string, at: number): number {
  const low = text.charCodeAt(at - 1);
  return kindIn(text, low >= 0xdc00 && low <= 0xdfff && at > 1 ? at - 2 : at - 1);
}

const isSymbol = (kind: number): boolean => kind === kinds.symbol || kind === kinds.bar;

/** Whether a symbol counts as a letter: if a letter or another such symbol is beside it. */
const isUsedAsLetter = (text: string, at: number): boolean =>
  [kindBefore(text, at), kindIn(text, at + 1)].some((beside) => isWordLetter(beside) || isSymbol(beside));

/** Whether a bar may as well separate words or letters: if it is between two letters. */
const mayBeSeparator = (text: string, at: number): boolean => isWordLetter(kindBefore(text, at)) && isWordLetter(kindIn(text, at + 1));

const GAP_OF: Readonly<Record<number, number>> = {
  [kinds.space]: gaps.space,
  [kinds.stop]: gaps.wide,
  [kinds.newline]: gaps.wide,
  [kinds.apostrophe]: gaps.apostrophe,
};

/** Returns the gap after one more character between two letters. Two spaces are wide. */
function widened(gap: number, kind: number): number {
  if (kind === kinds.space && gap >= gaps.space) return gaps.wide;
  const added = GAP_OF[kind] ?? gaps.joiner;
  return gap === gaps.apostrophe && added === gaps.joiner ? gaps.apostrophe : Math.max(gap, added);
}

/** Returns a longer list if one letter that looks like several would not leave room for one letter per remaining character. */
function withRoom(fields: Int32Array, length: number, remaining: number): Int32Array {
  if ((length + remaining + MAX_LOOKS) * FIELDS <= fields.length) return fields;
  const longer = new Int32Array(fields.length * 2 + MAX_LOOKS * FIELDS);
  longer.set(fields);
  return longer;
}

/** Writes the letters that one letter looks like. @returns how many there are */
function writeLooks(fields: Int32Array, length: number, { letter, meta }: { letter: number; meta: number }): number {
  const looks = longLookOf(letter);
  for (const [part, look] of looks.entries()) {
    const at = (length + part) * FIELDS;
    fields[at] = look;
    fields[at + 1] = letter;
    fields[at + 3] = part === 0 ? meta : meta & ~GAP_BITS;
  }
  return looks.length;
}

function setRunEnds(fields: Int32Array, length: number): void {
  for (let at = length - 1; at >= 0; at -= 1) {
    const here = at * FIELDS;
    const isInside = at + 1 < length && fields[here] === fields[here + FIELDS];
    fields[here + 2] = isInside ? (fields[here + FIELDS + 2] ?? 0) : at + 1;
  }
}

/** Characters that stand for a phrase or several syllables, in compatibility form for up to 18 characters. They count as spaces. */
const LONG_FORMS = /[\u321d\u321e\u3300-\u3357\u337b-\u33ff\ufdf2-\ufdfb]/g;

/** All other characters have a compatibility form of at most this many UTF-16 units each. */
const GROWTH = 4;

/**
 * Returns the compatibility form of a text. A text of the length of a message is not cut, whatever its characters become: the rest would
 * not be checked.
 */
export function plainOf(text: string): string {
  const cut = truncateUnits(text, UNITS);
  if (!NOT_ASCII.test(cut)) return cut;
  return withoutNegatives(normalizeBounded(cut.replace(LONG_FORMS, " "), "NFKC", GROWTH * UNITS));
}

type StreamOptions = {
  /** The result of `plainOf`, if it is known. */
  readonly plain?: string;
  /** Whether bars beside letters count as letters; true by default. */
  readonly isBarLetter?: boolean;
};

/** Reads the letters of a text, in time linear in its length. */
export function letterStreamOf(text: string, { plain = plainOf(text), isBarLetter = true }: StreamOptions = {}): LetterStream {
  let fields: Int32Array = new Int32Array((plain.length + 1) * FIELDS);
  let length = 0;
  let gap: number = gaps.wide;
  let mark = 0;
  let hasBars = false;
  for (let at = 0; at < plain.length; at += 1) {
    const code = plain.codePointAt(at) ?? 0;
    if (code > 0xffff) at += 1;
    const kind = kindOf(code);
    if (kind <= kinds.digit || ((kind === kinds.symbol || (kind === kinds.bar && isBarLetter)) && isUsedAsLetter(plain, at))) {
      hasBars ||= kind === kinds.bar && mayBeSeparator(plain, at);
      const letter = lowerOf(code);
      const look = lookOf(letter);
      const meta = kind | (gap << 8) | (gap === gaps.none ? mark : 0);
      if (look === SEVERAL) {
        fields = withRoom(fields, length, plain.length - at);
        length += writeLooks(fields, length, { letter, meta });
      } else {
        fields[length * FIELDS] = look;
        fields[length * FIELDS + 1] = letter;
        fields[length * FIELDS + 3] = meta;
        length += 1;
      }
      gap = gaps.none;
      mark = 0;
    } else if (kind === kinds.mark) {
      if (length > 0) fields[length * FIELDS - 1] = (fields[length * FIELDS - 1] ?? 0) | MARKED;
    } else if (kind === kinds.invisible) {
      mark = MARKED;
    } else if (length > 0) {
      gap = widened(gap, kind);
    }
  }
  setRunEnds(fields, length);
  return { length, fields, hasStyledLetters: plain !== text && STYLED.test(text), hasBars };
}

const DISGUISE = /[\p{Default_Ignorable_Code_Point}\p{Cf}\u0640\u2800]+|(?<=[\p{L}\p{N}])\p{Script=Inherited}+/gu;

/** Returns a text as patterns are matched on it: its compatibility form in small letters, without invisible characters and loose marks. */
export const normalizedOf = (plain: string): string => (NOT_ASCII.test(plain) ? plain.replace(DISGUISE, "") : plain).toLowerCase();
