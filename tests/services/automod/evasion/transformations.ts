import type { Seeds } from "./seeds.ts";

/** Draws the choices of a transformation, the same in every run. */
export type Random = (below: number) => number;

export function randomOf(seed: number): Random {
  let state = (seed * 2_654_435_761 + 12_345) >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** A way to disguise a phrase. `isHeldOut`: it was not used while the matching was developed. */
export type Transformation = {
  readonly name: string;
  readonly scripts: readonly Seeds["script"][];
  readonly apply: (phrase: string, random: Random) => string;
  readonly isHeldOut?: boolean;
};

const isLetter = (char: string): boolean => /\p{L}/u.test(char);
const eachLetter = (phrase: string, change: (letter: string, at: number) => string): string =>
  [...phrase].map((char, at) => (isLetter(char) ? change(char, at) : char)).join("");

/** Splits a phrase into letters with their marks; spaces become `null`. */
const lettersOf = (phrase: string): (string | null)[] =>
  [...new Intl.Segmenter("en", { granularity: "grapheme" }).segment(phrase)].map(({ segment }) => (segment === " " ? null : segment));

const joined = (phrase: string, between: string, wide: string): string =>
  lettersOf(phrase)
    .map((letter, at, all) => (letter === null ? "" : `${letter}${at + 1 === all.length ? "" : all[at + 1] === null ? wide : between}`))
    .join("");

/** Parses a list of letters, each followed by what replaces it. */
const likeOf = (list: string): Readonly<Record<string, string>> =>
  Object.fromEntries(list.split(" ").map((pair) => [...pair] as [string, string]));

const LATIN_LIKE = likeOf("aа cс eе iі jј oо pр sѕ xх yу hһ vν nո uυ kκ tт mм bь");
const CYRILLIC_LIKE = likeOf("аa сc еe оo рp уy хx кk іi мm тt");
const LEET = likeOf("a4 e3 i1 o0 s5 t7 b8 g9 l1 z2");
const SYMBOLS = likeOf("a@ s$ i! e€ l|");
const SMALL_CAPITALS = likeOf("aᴀ bʙ cᴄ dᴅ eᴇ fꜰ gɢ hʜ iɪ jᴊ kᴋ lʟ mᴍ nɴ oᴏ pᴘ qꞯ rʀ tᴛ uᴜ vᴠ wᴡ yʏ zᴢ");

/** Replaces some of the letters that a table has, at least one. */
function replaceSome(phrase: string, table: Readonly<Record<string, string>>, random: Random): string {
  const places = [...phrase.toLowerCase()].flatMap((char, at) => (table[char] === undefined ? [] : at));
  const sure = places[random(places.length)] ?? -1;
  return eachLetter(phrase, (letter, at) => {
    const replaced = table[letter.toLowerCase()];
    return replaced !== undefined && (at === sure || random(3) > 0) ? replaced : letter;
  });
}

const shifted = (phrase: string, first: number, capital = first): string =>
  eachLetter(phrase, (letter) => {
    const code = letter.codePointAt(0) ?? 0;
    if (code >= 97 && code <= 122) return String.fromCodePoint(first + code - 97);
    return code >= 65 && code <= 90 ? String.fromCodePoint(capital + code - 65) : letter;
  });

/** Stretches one letter that is not doubled already. */
function stretched(phrase: string, random: Random): string {
  const chars = [...phrase];
  const places = chars.flatMap((char, at) => (isLetter(char) ? at : []));
  const place = places[random(places.length)] ?? 0;
  return chars.map((char, at) => (at === place ? char.repeat(4 + random(4)) : char)).join("");
}

const ALL = ["latin", "cyrillic", "spaced", "dense"] as const;
const ALPHABETS = ["latin", "cyrillic"] as const;
const MARKS = ["\u0335", "\u0336", "\u0337", "\u0489", "\u20dd"] as const;

/** Splits a phrase into pieces of two or three letters. */
function inPieces(phrase: string, random: Random): string {
  let left = 2 + random(2);
  return [...phrase.replaceAll(" ", "")]
    .map((char) => {
      left -= 1;
      if (left > 0) return char;
      left = 2 + random(2);
      return `${char} `;
    })
    .join("")
    .trim();
}

export const transformations: readonly Transformation[] = [
  { name: "as it is", scripts: ALL, apply: (phrase) => phrase },
  { name: "capitals", scripts: ["latin", "cyrillic"], apply: (phrase) => phrase.toUpperCase() },
  {
    name: "alternating case",
    scripts: ALPHABETS,
    apply: (phrase) => eachLetter(phrase, (letter, at) => (at % 2 === 0 ? letter.toUpperCase() : letter)),
  },
  { name: "zero-width spaces", scripts: ALL, apply: (phrase) => joined(phrase, "\u200b", " ") },
  { name: "soft hyphens and joiners", scripts: ["latin", "cyrillic", "spaced"], apply: (phrase) => joined(phrase, "\u00ad\u2060", " ") },
  {
    name: "marks on every letter",
    scripts: ALPHABETS,
    apply: (phrase, random) => eachLetter(phrase, (letter) => letter + (MARKS[random(5)] ?? "")),
  },
  { name: "full width", scripts: ["latin"], apply: (phrase) => shifted(phrase, 0xff41, 0xff21) },
  { name: "mathematical letters", scripts: ["latin"], apply: (phrase) => shifted(phrase, 0x1d41a, 0x1d400) },
  { name: "letters of the other alphabet", scripts: ["latin"], apply: (phrase, random) => replaceSome(phrase, LATIN_LIKE, random) },
  { name: "Latin letters", scripts: ["cyrillic"], apply: (phrase, random) => replaceSome(phrase, CYRILLIC_LIKE, random) },
  { name: "digits", scripts: ["latin"], apply: (phrase, random) => replaceSome(phrase, LEET, random) },
  { name: "symbols", scripts: ["latin"], apply: (phrase, random) => replaceSome(phrase, SYMBOLS, random) },
  { name: "a stretched letter", scripts: ALPHABETS, apply: stretched },
  { name: "spaces between the letters", scripts: ALL, apply: (phrase) => joined(phrase, " ", "   ") },
  { name: "dots between the letters", scripts: ALL, apply: (phrase) => joined(phrase, ".", " ") },
  { name: "hyphens and underscores", scripts: ["latin", "cyrillic", "spaced"], apply: (phrase) => joined(phrase, "-", "_") },
  { name: "a line break between words", scripts: ALL, apply: (phrase) => phrase.replaceAll(" ", "\n") },
  { name: "no spaces", scripts: ALL, apply: (phrase) => phrase.replaceAll(" ", "") },
  {
    name: "small capitals",
    scripts: ["latin"],
    isHeldOut: true,
    apply: (phrase) => eachLetter(phrase.toLowerCase(), (letter) => SMALL_CAPITALS[letter] ?? letter),
  },
  { name: "letters in circles", scripts: ["latin"], isHeldOut: true, apply: (phrase) => shifted(phrase, 0x24d0, 0x24b6) },
  { name: "letters in squares", scripts: ["latin"], isHeldOut: true, apply: (phrase) => shifted(phrase.toUpperCase(), 0x1f170, 0x1f170) },
  {
    name: "every letter doubled",
    scripts: ALPHABETS,
    isHeldOut: true,
    apply: (phrase) => eachLetter(phrase, (letter) => letter.repeat(2)),
  },
  {
    name: "digits and a stretched letter",
    scripts: ["latin"],
    isHeldOut: true,
    apply: (phrase, random) => replaceSome(stretched(phrase, random), LEET, random),
  },
  {
    name: "dots and letters of the other alphabet",
    scripts: ["latin"],
    isHeldOut: true,
    apply: (phrase, random) => joined(replaceSome(phrase, LATIN_LIKE, random), ".", " "),
  },
  { name: "pieces of two or three letters", scripts: ALPHABETS, isHeldOut: true, apply: inPieces },
  { name: "tildes and spaces", scripts: ALL, isHeldOut: true, apply: (phrase) => joined(phrase, "~ ", " ~~ ") },
  {
    name: "emoji between the letters",
    scripts: ["latin", "cyrillic", "spaced"],
    isHeldOut: true,
    apply: (phrase) => joined(phrase, "🔥", " "),
  },
  {
    name: "accents",
    scripts: ["latin"],
    isHeldOut: true,
    apply: (phrase) => eachLetter(phrase, (letter) => (/[aeiou]/i.test(letter) ? `${letter}\u0302`.normalize("NFC") : letter)),
  },
];
