import unhomoglyph from "unhomoglyph";

/** What a character is for the matching of words. */
export const kinds = {
  /** A letter of a script that separates words by spaces. */
  letter: 1,
  /** A letter of a script without spaces between words, or whose words take endings: Chinese, Japanese, Korean, Thai and similar. */
  dense: 2,
  digit: 3,
  /** A symbol that resembles a letter and counts as one beside letters: `@`, `$`. */
  symbol: 4,
  /** A symbol that resembles a letter and counts as one between letters: `!`, `|`. */
  bar: 5,
  /** An invisible character. */
  invisible: 6,
  /** A combining mark that did not become part of a letter. */
  mark: 7,
  space: 8,
  newline: 9,
  apostrophe: 10,
  /** Punctuation that ends a part of a sentence. */
  stop: 11,
  /** Any other punctuation or symbol. */
  joiner: 12,
} as const;

/** The alphabets that have look-alikes in each other; 0 for all other scripts. */
export const alphabets = { none: 0, latin: 1, cyrillic: 2, greek: 4, other: 8, phonetic: 16 } as const;

const DENSE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Tibetan}\u30fc]/u;
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cc}\u0640\u2800]/u;
/** Marks that belong to no script: accents, Arabic and Hebrew points. The marks of other scripts are part of their words. */
const LOOSE_MARK = /[\p{Script=Inherited}\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Cyrillic}]/u;
const OTHER_ALPHABET =
  /[\p{Script=Armenian}\p{Script=Cherokee}\p{Script=Coptic}\p{Script=Lisu}\p{Script=Canadian_Aboriginal}\p{Script=Deseret}\p{Script=Georgian}]/u;

const SYMBOLS = "@$€£¥¢";
const BARS = "!|¡";
const STOPS = ',;:?。、…"“”«»()[]{}<>؟،؛।！？';
const APOSTROPHES = "'’‘ʼ`´";

function classify(code: number): number {
  const char = String.fromCodePoint(code);
  if (code === 10 || code === 13 || code === 0x2028 || code === 0x2029) return kinds.newline;
  if (/\s/u.test(char)) return kinds.space;
  if (INVISIBLE.test(char)) return kinds.invisible;
  if (/\p{M}/u.test(char)) return LOOSE_MARK.test(char) ? kinds.mark : DENSE.test(char) ? kinds.dense : kinds.letter;
  if (APOSTROPHES.includes(char)) return kinds.apostrophe;
  if (DENSE.test(char) && /[\p{L}\p{N}]/u.test(char)) return kinds.dense;
  if (/\p{L}/u.test(char)) return kinds.letter;
  if (/\p{N}/u.test(char)) return kinds.digit;
  if (SYMBOLS.includes(char)) return kinds.symbol;
  if (BARS.includes(char)) return kinds.bar;
  return STOPS.includes(char) ? kinds.stop : kinds.joiner;
}

function alphabetOf(code: number): number {
  const char = String.fromCodePoint(code);
  if (/[\u0250-\u02af\u1d00-\u1dbf\ua720-\ua7ff\uab30-\uab6f]/u.test(char)) return alphabets.phonetic;
  if (/\p{Script=Latin}/u.test(char)) return alphabets.latin;
  if (/\p{Script=Cyrillic}/u.test(char)) return alphabets.cyrillic;
  if (/\p{Script=Greek}/u.test(char)) return alphabets.greek;
  return OTHER_ALPHABET.test(char) ? alphabets.other : alphabets.none;
}

/** Parses a list of characters, each followed by the letters that it looks like. */
const alikeOf = (list: string): ReadonlyMap<string, string> =>
  new Map(list.split(/\s+/).map((pair) => [String.fromCodePoint(pair.codePointAt(0) ?? 0), [...pair].slice(1).join("")]));

/** Digits and symbols used in place of letters. */
const LETTER_OF = alikeOf("0o 1l 2z 3e 4a 5s 6g 7t 8b 9g @a $s €e £l ¥y ¢c !l |l ¡l");

/** Look-alikes that Unicode's confusables.txt lacks or maps to something else than one Latin letter. */
const MORE = alikeOf(
  `ᴀa ʙb ᴅd ᴇe ꜰf ɢg ʜh ᴊj ĸk ʟl ʍm ɴn ᴘp ꞯq ʀr ᴛt ßss þp æae œoe ʌa ᴎn ᴙr ᴍm ᴋk ɪl ꜱs ƒf ɛe ɜe ɑa ɡg ɩl ıl øo đd łl ħh ŧt ɨl ʉu ƀb ƶz ðd ɔc ʏy ʋv ʁr яr иn йn ьb пn кk тt нh
   мm вb зe чy шw щw гr лn αa βb εe ηn ιl κk μm νv οo πn ρp σo τt υu χx ωw γy ζz λa ѕs ԛq ԝw һh іl ӏl`,
);

/** Letters that look like a single stroke. */
const STROKES = /[i|!]/g;

const INHERITED = /\p{Script=Inherited}+/gu;

/** Returns the letters, without marks, that a character looks like; the character itself if it resembles no Latin letter. */
function looksOf(char: string): string {
  const more = LETTER_OF.get(char) ?? MORE.get(char);
  if (more !== undefined) return more;
  const base = DENSE.test(char) ? char : char.normalize("NFD").replace(INHERITED, "") || char;
  const known = MORE.get(base);
  if (known !== undefined) return known;
  const alike = unhomoglyph(unhomoglyph(base).normalize("NFKD").replace(INHERITED, "").toLowerCase())
    .normalize("NFKD")
    .replace(INHERITED, "")
    .toLowerCase();
  const letters = [...alike]
    .map((one) => MORE.get(one) ?? one)
    .join("")
    .replace(/rn/g, "m")
    .replace(/vv/g, "w");
  return /^\p{L}{1,3}$/u.test(letters) ? letters : base;
}

/** The look of a character as up to three code points. */
function computeLooks(code: number): readonly number[] {
  const looks = looksOf(String.fromCodePoint(code)).replace(STROKES, "l");
  return [...looks].slice(0, 3).map((char) => char.codePointAt(0) ?? code);
}

/** Most characters of all planes in use are below; above are rare Chinese characters and private use. */
const TABLE = 0x20000;
const kindTable = new Uint8Array(TABLE);
const alphabetTable = new Uint8Array(TABLE).fill(255);
const lowerTable = new Int32Array(TABLE);
/** The look of characters with one; 0 if it is not computed yet, -1 if it has several letters. */
const lookTable = new Int32Array(TABLE);
export const SEVERAL = -1;
const longLooks = new Map<number, readonly number[]>();

/** Returns the kind of a character. The properties of a character are computed when it occurs for the first time. */
export function kindOf(code: number): number {
  if (code >= TABLE) return kinds.dense;
  const known = kindTable[code] ?? 0;
  if (known !== 0) return known;
  const kind = classify(code);
  kindTable[code] = kind;
  return kind;
}

/** Returns the alphabet of a letter, as a bit of `alphabets`. */
export function alphabetBit(code: number): number {
  if (code >= TABLE) return alphabets.none;
  const known = alphabetTable[code] ?? 0;
  if (known !== 255) return known;
  const bit = alphabetOf(code);
  alphabetTable[code] = bit;
  return bit;
}

/** Returns the small letter of a capital; a final sigma becomes an ordinary one. */
export function lowerOf(code: number): number {
  if (code >= TABLE) return code;
  const known = lowerTable[code] ?? 0;
  if (known !== 0) return known;
  const lower = code === 0x3c2 ? 0x3c3 : (String.fromCodePoint(code).toLowerCase().codePointAt(0) ?? code);
  lowerTable[code] = lower;
  return lower;
}

/** Returns the letter that a small letter, digit or symbol looks like; `SEVERAL` if it looks like several, which `longLookOf` returns. */
export function lookOf(code: number): number {
  if (code >= TABLE) return code;
  const known = lookTable[code] ?? 0;
  if (known !== 0) return known;
  const looks = computeLooks(code);
  const look = looks.length === 1 ? (looks[0] ?? code) : SEVERAL;
  if (look === SEVERAL) longLooks.set(code, looks);
  lookTable[code] = look;
  return look;
}

export const longLookOf = (code: number): readonly number[] => longLooks.get(code) ?? [code];

/** Whether a character is a vowel sign or another mark that is part of the letter before it. */
export const isAttached = (code: number): boolean => code > 0x2ff && /\p{M}/u.test(String.fromCodePoint(code));

/** Whether an accented letter has the given plain one as its base. */
export const isAccented = (code: number): boolean => code > 0x7f && /\p{M}/u.test(String.fromCodePoint(code).normalize("NFD"));
