import { createHash } from "node:crypto";
import { skeletonOf } from "../users/names/confusables.ts";

/**
 * The stored form of a text for comparison: `hash` is equal for texts with the same letters, `words` and `shingles` are sketches that
 * near-copies largely share.
 */
export type TextFingerprint = { readonly hash: string; readonly words: readonly number[]; readonly shingles: readonly number[] };

/** Of a long text only this many UTF-16 units at its start and at its end are compared, to bound the work per text. */
const PART_UNITS = 500;

/** The number of smallest hashes that a sketch keeps; shorter sketches are complete. */
const SKETCH_SIZE = 128;

const SHINGLE_LETTERS = 4;

/** Texts with fewer words or shingles are compared by `hash` only, because greetings resemble each other. */
const MIN_WORDS = 6;
const MIN_SHINGLES = 20;

/** The share of the shorter text that a near-copy contains. */
const COPIED_PART = 0.8;

/** A short text is not compared with one that is more than this many times longer: common words occur in every text. */
const SHORT_WORDS = 8;
const SHORT_SHINGLES = 30;
const SHORT_FACTOR = 3;

const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Cf}\p{M}]+/gu;
const BETWEEN_WORDS = /[^\p{L}\p{N}\p{S}@]+/gu;
const SYMBOLS_IN_WORDS = /(?<=[\p{L}\p{N}])[@$€](?=[\p{L}\p{N}])/gu;
const REPEATED = /(\p{L})\1+/gu;
const MARKS = /\p{M}+/gu;
const NO_LETTERS = /\P{L}+/gu;

/** Symbols and digits used in place of letters. 0 and 1 are already among the confusables. */
const LETTER_OF: Readonly<Record<string, string>> = { "@": "a", $: "s", "€": "e", 3: "e", 4: "a", 5: "s", 7: "t", 8: "b", 9: "g" };

const replaceSymbols = (text: string, symbols: RegExp): string => text.replace(symbols, (symbol) => LETTER_OF[symbol] ?? symbol);

/** Returns the normalized letters of a word: without case, marks, confusables, repeated letters or digits. Empty for a number. */
function lettersOf(word: string): string {
  const plain = word.normalize("NFKC").toLowerCase().slice(0, PART_UNITS);
  if (!/\p{L}/u.test(plain)) return "";
  const letters = replaceSymbols(skeletonOf(plain.replace(REPEATED, "$1")), /[345789]/g);
  return letters.normalize("NFD").replace(MARKS, "").replace(NO_LETTERS, "").replace(REPEATED, "$1");
}

/** Returns a text without invisible characters, shortened to its start and end if it is long. */
function shinglePartsOf(text: string): string {
  const visible = replaceSymbols(text.replace(INVISIBLE, ""), SYMBOLS_IN_WORDS).replace(BETWEEN_WORDS, " ");
  return visible.length <= 2 * PART_UNITS ? visible : `${visible.slice(0, PART_UNITS)} ${visible.slice(-PART_UNITS)}`;
}

/** Returns the letters of a word or of its reverse, whichever sorts first: reversed text with a direction override looks the same. */
function orderedLettersOf(word: string): string {
  const reversed = [...word].reverse().join("");
  return [lettersOf(word), lettersOf(reversed)].sort()[0] ?? "";
}

/** Returns the FNV-1a hash as a signed 32-bit integer. */
function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash | 0;
}

const hash64 = (text: string): string => createHash("sha256").update(text).digest().readBigInt64BE().toString();

const sketchOf = (parts: Iterable<string>): number[] => [...new Set([...parts].map(hash32))].sort((a, b) => a - b).slice(0, SKETCH_SIZE);

function* shinglesOf(letters: readonly string[]): Iterable<string> {
  for (let at = 0; at + SHINGLE_LETTERS <= letters.length; at += 1) yield letters.slice(at, at + SHINGLE_LETTERS).join("");
}

/** Computes the look of a text, in time linear in its length. */
export function fingerprintOf(text: string): TextFingerprint {
  const words = shinglePartsOf(text).split(" ");
  const letters = words.map(lettersOf).join("");
  // Texts of only numbers and symbols are compared as they are.
  if (letters === "") return { hash: hash64(skeletonOf(text.slice(0, PART_UNITS))), words: [], shingles: [] };
  return {
    hash: hash64(letters),
    words: sketchOf(words.map(orderedLettersOf).filter((word) => word !== "")),
    shingles: sketchOf(shinglesOf([...letters])),
  };
}

/** Estimates the share of the smaller set that the larger one contains, from the hash range in which both sketches are complete. */
function containmentOf(one: readonly number[], other: readonly number[]): number {
  const upperBound = (sketch: readonly number[]): number => (sketch.length < SKETCH_SIZE ? Number.POSITIVE_INFINITY : (sketch.at(-1) ?? 0));
  const bound = Math.min(upperBound(one), upperBound(other));
  const [a, b] = [one, other].map((sketch) => new Set(sketch.filter((hash) => hash <= bound))) as [Set<number>, Set<number>];
  const shared = [...a].filter((hash) => b.has(hash)).length;
  return shared / Math.max(1, Math.min(a.size, b.size));
}

type Bounds = { readonly min: number; readonly short: number };

function isCopied(one: readonly number[], other: readonly number[], { min, short }: Bounds): boolean {
  const smaller = Math.min(one.length, other.length);
  const larger = Math.max(one.length, other.length);
  if (smaller < min || (smaller < short && larger > SHORT_FACTOR * smaller)) return false;
  return containmentOf(one, other) >= COPIED_PART;
}

/**
 * Whether two texts are equal except for small changes: they have the same letters, or share most words of the shorter one in any order,
 * or most of its letter sequences regardless of spacing.
 */
export const isNearCopy = (one: TextFingerprint, other: TextFingerprint): boolean =>
  one.hash === other.hash ||
  isCopied(one.words, other.words, { min: MIN_WORDS, short: SHORT_WORDS }) ||
  isCopied(one.shingles, other.shingles, { min: MIN_SHINGLES, short: SHORT_SHINGLES });
