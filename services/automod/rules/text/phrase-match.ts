import { gapAt, gaps, isMarkedAt, kindAt, type LetterStream, letterAt, lookAt, runEndAt } from "./letter-stream.ts";
import { alphabetBit, alphabets, isAccented, isAttached, kinds } from "./letters.ts";
import type { Phrase } from "./phrases.ts";

/** The letters of a text that look like a phrase; `to` is included. */
type Range = { readonly from: number; readonly to: number };

/** Phrases of at least this many letters are also found in a slight disguise, such as one accent. */
const LONG = 6;

/** The same for scripts in which a letter is a syllable or word. */
const LONG_DENSE = 3;

/** A run of at least this many letters counts as stretched: `freeee`. */
const STRETCHED = 3;

/** Phrases of at least this many letters match although one letter is doubled. */
const LONG_DOUBLED = 7;

/** Phrases of at least this many letters are found in pieces of at most this many: `fr ee mon ey`. */
const LONG_IN_PIECES = 8;
const PIECE = 3;

/** A word has at least this many letters to be found with spaces between all of them. */
const SPELLED = 3;
const SPELLED_DENSE = 2;

/** How the letters of a range differ from those of a phrase that they look like. */
type Differences = {
  /** Differences that also occur by chance: an I for an l, a letter with a stroke. */
  slight: number;
  accents: number;
  /** Letters of another alphabet than the phrase's. */
  foreign: number;
  /** Digits and symbols for letters. */
  substitutes: number;
  hasLetter: boolean;
  isMarked: boolean;
  /** The alphabets of the range. */
  alphabets: number;
  /** Whether a letter is another one of the same alphabet, which is no disguise. */
  isOther: boolean;
};

function addLetter(found: Differences, stream: LetterStream, at: number, expected: number): void {
  const letter = letterAt(stream, at);
  const alphabet = alphabetBit(letter);
  if (alphabet === alphabets.phonetic || alphabet !== alphabetBit(expected)) found.foreign += 1;
  else if (isAccented(letter) || isAccented(expected)) found.accents += 1;
  else if (alphabet === alphabets.latin || alphabet === alphabets.none) found.slight += 1;
  else found.isOther = true;
}

/** Compares a letter with those that the phrase may have in its place. */
function addDifference(found: Differences, stream: LetterStream, at: number, expected: readonly number[]): void {
  const isLetter = kindAt(stream, at) <= kinds.dense;
  found.hasLetter ||= isLetter;
  found.isMarked ||= isMarkedAt(stream, at);
  if (isLetter) found.alphabets |= alphabetBit(letterAt(stream, at));
  if (expected.includes(letterAt(stream, at))) return;
  if (isLetter) addLetter(found, stream, at, expected[0] ?? 0);
  else found.substitutes += 1;
}

const isMixed = (bits: number): boolean => (bits & (bits - 1)) !== 0 || bits === alphabets.phonetic;

/** Whether the differences are a disguise of the phrase, and not another word. */
function isDisguise(found: Differences, { hasStyledLetters }: LetterStream, { size, isDense }: Phrase): boolean {
  const { slight, accents, foreign, substitutes, isOther } = found;
  if (isOther || (substitutes > 0 && !found.hasLetter)) return false;
  if (slight + accents + foreign + substitutes === 0 || size >= (isDense ? LONG_DENSE : LONG)) return true;
  return substitutes > 0 || found.isMarked || hasStyledLetters || accents > 1 || isMixed(found.alphabets);
}

/** How the letters of a range are separated, where the phrase has no space. */
type Separation = {
  /** Whether there is more than a joiner such as a dot or hyphen. */
  isSpaced: boolean;
  /** The number of pieces of the range, and the letters of the longest, counting a run as one. */
  pieces: number;
  longest: number;
  /** The widest gap between two letters. */
  widest: number;
};

type Comparison = { readonly differences: Differences; readonly separation: Separation; readonly runs: readonly number[] };

const isExpectedGap = ({ gapBefore, gapInside }: Phrase, run: number, isNewRun: boolean): boolean =>
  (isNewRun ? gapBefore[run] : gapInside[run]) === true;

/** Returns the letters that a phrase may have in a place of a run: that of the place, or any of the run if it is stretched. */
function expectedIn({ letters }: Phrase, run: number, { place, isStretched }: { place: number; isStretched: boolean }): readonly number[] {
  const all = letters[run] ?? [];
  return isStretched || all.length === 1 ? all : all.slice(place, place + 1);
}

/** Compares a range with a phrase, letter by letter. */
function compareLetters(stream: LetterStream, phrase: Phrase, { from, to }: Range): Comparison {
  const differences: Differences = {
    ...{ slight: 0, accents: 0, foreign: 0, substitutes: 0, alphabets: 0 },
    ...{ hasLetter: false, isMarked: false, isOther: false },
  };
  const separation: Separation = { isSpaced: false, pieces: 1, longest: 0, widest: gaps.none };
  const runs: number[] = [];
  let inPiece = 0;
  for (let at = from; at <= to; at += 1) {
    const isNewRun = at === from || lookAt(stream, at) !== lookAt(stream, at - 1);
    if (isNewRun) runs.push(0);
    const run = runs.length - 1;
    const place = runs[run] ?? 0;
    runs[run] = place + 1;
    const isStretched = place + Math.min(runEndAt(stream, at), to + 1) - at > (phrase.runs[run] ?? 0);
    addDifference(differences, stream, at, expectedIn(phrase, run, { place, isStretched }));
    const gap = at === from ? gaps.none : gapAt(stream, at);
    if (gap !== gaps.none) {
      separation.widest = Math.max(separation.widest, gap);
      separation.pieces += 1;
      inPiece = 0;
      if (!isExpectedGap(phrase, run, isNewRun) && gap > gaps.joiner) separation.isSpaced = true;
    }
    if (inPiece === 0 || (isNewRun && !isAttached(letterAt(stream, at)))) inPiece += 1;
    separation.longest = Math.max(separation.longest, inPiece);
  }
  return { differences, separation, runs };
}

/** Whether the lengths of the runs are those of the phrase, or stretched. */
function areRunsAlike(runs: readonly number[], phrase: Phrase): boolean {
  let doubled = 0;
  for (const [at, run] of runs.entries()) {
    const expected = phrase.runs[at] ?? 0;
    if (run < expected) return false;
    const isLast = at === runs.length - 1;
    if (run === expected || run >= STRETCHED || phrase.isDense || (isLast && phrase.isPrefix)) continue;
    doubled += 1;
  }
  return doubled === 0 || doubled > 1 || phrase.size >= LONG_DOUBLED;
}

/** Whether a letter is a word of its own. */
function isSingle(stream: LetterStream, at: number): boolean {
  if (at < 0 || at >= stream.length) return false;
  return (at === 0 || gapAt(stream, at) !== gaps.none) && (at + 1 === stream.length || gapAt(stream, at + 1) !== gaps.none);
}

/** Whether a range of single letters is a whole spelled word, and not a part of one. */
function isWholeSpelling(stream: LetterStream, { from, to }: Range, widest: number): boolean {
  const isCutBefore = isSingle(stream, from - 1) && gapAt(stream, from) <= widest;
  const isCutAfter = isSingle(stream, to + 1) && gapAt(stream, to + 1) <= widest;
  return !isCutBefore && !isCutAfter;
}

/** Whether the separators inside the words of a range are a disguise, and do not separate other words. */
function isOneText(stream: LetterStream, phrase: Phrase, range: Range, separation: Separation): boolean {
  const { isSpaced, pieces, longest, widest } = separation;
  const isSpelled = longest === 1 && pieces > 1;
  if (isSpelled && phrase.size < LONG && !phrase.isDense && !isWholeSpelling(stream, range, widest)) return false;
  if (!isSpaced) return true;
  if (isSpelled) return pieces >= (phrase.isDense && widest < gaps.wide ? SPELLED_DENSE : SPELLED);
  return phrase.size >= LONG_IN_PIECES && longest <= PIECE;
}

/** Whether a range of a text, whose letters look like those of a phrase, is the phrase: as it is written, or in disguise. */
export function isMatch(stream: LetterStream, phrase: Phrase, range: Range): boolean {
  const { differences, separation, runs } = compareLetters(stream, phrase, range);
  return areRunsAlike(runs, phrase) && isDisguise(differences, stream, phrase) && isOneText(stream, phrase, range, separation);
}
