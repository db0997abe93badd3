/**
 * The kinds of UTF-16 units for the detection of a language. The dense kinds belong to scripts in which a few characters already form
 * words.
 */
const kinds = { other: 0, space: 1, digit: 2, letter: 3, han: 4, kana: 5, hangul: 6, thai: 7 } as const;
const FIRST_DENSE = kinds.han;

const RANGES: readonly (readonly [kind: number, first: number, last: number])[] = [
  [kinds.hangul, 0x1100, 0x11ff],
  [kinds.hangul, 0x3131, 0x318e],
  [kinds.hangul, 0xa960, 0xa97c],
  [kinds.hangul, 0xac00, 0xd7fb],
  [kinds.hangul, 0xffa0, 0xffdc],
  [kinds.kana, 0x3041, 0x309f],
  [kinds.kana, 0x30a1, 0x30ff],
  [kinds.kana, 0x31f0, 0x31ff],
  [kinds.kana, 0xff66, 0xff9f],
  [kinds.han, 0x3005, 0x3007],
  [kinds.han, 0x3400, 0x4dbf],
  [kinds.han, 0x4e00, 0x9fff],
  [kinds.han, 0xf900, 0xfaff],
  // High surrogates of characters in the planes 2 and 3.
  [kinds.han, 0xd840, 0xd8bf],
  [kinds.thai, 0x0e01, 0x0e4e],
  // The middle dot between foreign words.
  [kinds.other, 0x30fb, 0x30fb],
];

/** Builds a table with the kind of each UTF-16 unit: a look-up costs a tenth of a regular expression. */
function tableOfKinds(): Uint8Array {
  const table = new Uint8Array(0x10000);
  for (let unit = 0; unit < table.length; unit += 1) {
    const character = String.fromCharCode(unit);
    if (/\s/.test(character)) table[unit] = kinds.space;
    else if (/\d/.test(character)) table[unit] = kinds.digit;
    else if (/\p{L}/u.test(character)) table[unit] = kinds.letter;
  }
  for (const [kind, first, last] of RANGES) table.fill(kind, first, last + 1);
  return table;
}

const table = tableOfKinds();
const kindAt = (text: string, at: number): number => table[text.charCodeAt(at)] ?? kinds.other;

const BACKTICK = 0x60;
const AT_SIGN = 0x40;
const NUMBER_SIGN = 0x23;
const LESS_THAN = 0x3c;
const LETTER_H = 0x68;

function endOfToken(text: string, from: number): number {
  let at = from;
  while (at < text.length && kindAt(text, at) !== kinds.space) at += 1;
  return at;
}

function endOfCode(text: string, from: number): number {
  if (text.startsWith("```", from)) {
    const close = text.indexOf("```", from + 3);
    return close === -1 ? text.length : close + 3;
  }
  const close = text.indexOf("`", from + 1);
  return close === -1 || text.slice(from, close).includes("\n") ? from : close + 1;
}

/** Returns the end of language-neutral text at an offset: code, a URL, a mention, a tag. Returns `from` if there is none. */
function endOfNeutral(text: string, from: number): number {
  switch (text.charCodeAt(from)) {
    case BACKTICK:
      return endOfCode(text, from);
    case AT_SIGN:
    case NUMBER_SIGN:
      return endOfToken(text, from);
    case LESS_THAN: {
      if (text.charCodeAt(from + 1) !== AT_SIGN) return from;
      const end = endOfToken(text, from);
      const close = text.indexOf(">", from);
      return close === -1 || close > end ? end : close + 1;
    }
    case LETTER_H:
      return text.startsWith("http://", from) || text.startsWith("https://", from) ? endOfToken(text, from) : from;
    default:
      return from;
  }
}

/** The beginning of a text without its language-neutral parts, and the number of letters of each kind. */
export type Sample = {
  readonly words: string;
  readonly letters: number;
  readonly han: number;
  readonly kana: number;
  readonly hangul: number;
  readonly thai: number;
};

/**
 * Takes a sample of at most `max` UTF-16 units from the first `2 * max` units of a text, in one pass. Alphabetic words with a digit are
 * omitted.
 */
export function sampleOf(text: string, max: number): Sample {
  const head = text.slice(0, 2 * max);
  const counts = new Array<number>(8).fill(0);
  let words = "";
  let at = 0;
  while (at < head.length && words.length < max) {
    const kind = kindAt(head, at);
    const end = endOfNeutral(head, at);
    if (end > at) {
      words += " ";
      at = end;
    } else if (kind === kinds.space || kind >= FIRST_DENSE) {
      words += head.charAt(at);
      counts[kind] = (counts[kind] ?? 0) + 1;
      at += 1;
    } else {
      const start = at;
      let letters = 0;
      let hasDigit = false;
      do {
        const next = kindAt(head, at);
        if (next === kinds.space || next >= FIRST_DENSE || (at > start && endOfNeutral(head, at) > at)) break;
        if (next === kinds.letter) letters += 1;
        hasDigit ||= next === kinds.digit;
        at += 1;
      } while (at < head.length);
      if (hasDigit) {
        words += " ";
      } else {
        words += head.slice(start, at);
        counts[kinds.letter] = (counts[kinds.letter] ?? 0) + letters;
      }
    }
  }
  const [, , , alphabetic = 0, han = 0, kana = 0, hangul = 0, thai = 0] = counts;
  return { words: words.slice(0, max), letters: alphabetic + han + kana + hangul + thai, han, kana, hangul, thai };
}
