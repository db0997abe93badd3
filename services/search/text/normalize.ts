import { limits } from "../../../utils/contract/limits.ts";

/** A text normalized for search. `starts[i]` and `ends[i]` are the range of the original text that unit `i` came from. */
export type NormalizedText = { readonly text: string; readonly starts: readonly number[]; readonly ends: readonly number[] };

/**
 * The unit of normalization (group 1): a letter with its marks (including half-width Japanese voicing marks), or a decomposed Korean
 * syllable. Normalizing letter by letter preserves the mapping to the original text. Marks beyond the first 16 (group 2) are ignored:
 * Unicode normalization sorts the marks of a letter in quadratic time.
 */
const CLUSTER =
  /([\u1100-\u115f\ua960-\ua97c][\u1160-\u11a7\ud7b0-\ud7c6]{1,4}[\u11a8-\u11ff\ud7cb-\ud7fb]{0,4}|[^\p{M}\uff9e\uff9f][\p{M}\uff9e\uff9f]{0,16}|[\p{M}\uff9e\uff9f]{1,16})([\p{M}\uff9e\uff9f]*)/uy;

/** Marks beyond the first 16 of a letter. */
const EXCESS_MARKS = /([\p{M}\uff9e\uff9f]{16})[\p{M}\uff9e\uff9f]+/gu;
const MARKS_MAX = 16;

/** Removes the marks that normalization ignores, so that Unicode normalization of the rest takes linear time. */
export const withoutExcessMarks = (text: string): string => (text.length <= MARKS_MAX ? text : text.replace(EXCESS_MARKS, "$1"));

/**
 * Returns the maximum length of a normalized text in units. Compatibility forms of single characters have up to 18 units (U+FDFA): a text
 * may double in length, which no ordinary text does, and short ones may grow further.
 */
const maxNormalizedUnits = (original: string): number => Math.min(limits.textUnits, 2 * original.length + 1_000);

/**
 * Marks that do not distinguish words: accents of Latin, Greek and Cyrillic, points of Hebrew, vowel signs of Arabic and its elongation,
 * joiners and variation selectors. Vowel signs of Indic scripts and of Thai are part of their words and are kept.
 */
const DROPPED =
  /\u200d|[\ufe00-\ufe0f]|[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u00ad\u200b\u200c\u200e\u200f\u2060\ufeff]/g;

/** Letters that are used interchangeably, and that Unicode does not decompose. */
const INTERCHANGEABLE: Readonly<Record<string, string>> = {
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ø: "o",
  đ: "d",
  ð: "d",
  þ: "th",
  ł: "l",
  ħ: "h",
  ı: "i",
  ς: "σ",
  ٱ: "ا",
  ى: "ي",
  ی: "ي",
  ة: "ه",
  ک: "ك",
};

const ANY_INTERCHANGEABLE = new RegExp(`[${Object.keys(INTERCHANGEABLE).join("")}]`, "g");

/** The zeros of common digit systems: Arabic, Persian, Devanagari, Bengali, Thai, Lao, Myanmar, Khmer. */
const ZEROS = [0x0660, 0x06f0, 0x0966, 0x09e6, 0x0e50, 0x0ed0, 0x1040, 0x17e0];

const digitOf = (digit: string): string => {
  const code = digit.charCodeAt(0);
  const zero = ZEROS.find((first) => code >= first && code <= first + 9);
  return zero === undefined ? digit : String(code - zero);
};

const toHiragana = (kana: string): string => String.fromCharCode(kana.charCodeAt(0) - 0x60);

function normalizeCluster(cluster: string): string {
  const plain = cluster.normalize("NFKC").toLowerCase().normalize("NFD").replace(DROPPED, "").normalize("NFC");
  return plain
    .replace(ANY_INTERCHANGEABLE, (letter) => INTERCHANGEABLE[letter] ?? letter)
    .replace(/\p{Nd}/gu, digitOf)
    .replace(/[\u30a1-\u30f6]/g, toHiragana);
}

const CACHE_MAX = 20_000;

/**
 * Longer clusters are rare, and as keys they would keep whole texts in memory, because V8 stores slices of 13 or more units as references.
 */
const CACHED_UNITS_MAX = 8;

const seen = new Map<string, string>();

/** Normalizes a cluster with a cache: a few thousand letters make up most texts. */
function normalizeCached(cluster: string): string {
  const known = seen.get(cluster);
  if (known !== undefined) return known;
  const folded = normalizeCluster(cluster);
  if (cluster.length > CACHED_UNITS_MAX) return folded;
  if (seen.size >= CACHE_MAX) seen.clear();
  seen.set(cluster, folded);
  return folded;
}

/** The first combining mark; a character before a smaller code unit has no marks. */
const FIRST_MARK = 0x300;
const ASCII_END = 0x80;

/** Whether the character is plain ASCII without marks, which needs no regular expression; most texts consist of such characters. */
const isPlain = (original: string, index: number): boolean =>
  original.charCodeAt(index) < ASCII_END && !(original.charCodeAt(index + 1) >= FIRST_MARK);

type Cluster = { readonly letter: string; readonly length: number };

/** Returns the letter at an index with up to 16 marks; `length` includes the ignored marks. */
function clusterAt(original: string, index: number): Cluster {
  CLUSTER.lastIndex = index;
  const [all, letter] = CLUSTER.exec(original) ?? [];
  return { letter: letter ?? original.charAt(index), length: all?.length ?? 1 };
}

/**
 * Normalizes case, width, accents, kana, forms of letters and digits, and records the origin of each unit. Takes linear time: it reads the
 * first 16 marks of a letter and the first `limits.textUnits` units of a text.
 */
export function normalizeText(original: string): NormalizedText {
  const starts: number[] = [];
  const ends: number[] = [];
  const length = Math.min(original.length, limits.textUnits);
  const maxUnits = maxNormalizedUnits(original);
  let text = "";
  for (let index = 0; index < length && text.length < maxUnits; ) {
    const cluster = isPlain(original, index) ? null : clusterAt(original, index);
    const folded = normalizeCached(cluster?.letter ?? original.charAt(index));
    const end = index + (cluster?.length ?? 1);
    for (let unit = 0; unit < folded.length; unit += 1) {
      starts.push(index);
      ends.push(end);
    }
    text += folded;
    index = end;
  }
  return { text, starts, ends };
}

/** Normalizes a single word, without the mapping to the original. */
export const normalizeWord = (word: string): string => normalizeText(word).text;
