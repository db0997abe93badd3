import { gapAt, gaps, kindAt, letterAt, letterStreamOf, lookAt } from "./letter-stream.ts";
import { kinds } from "./letters.ts";

/** A word or phrase of a rule, as runs of letters with the same look. */
export type Phrase = {
  /** The place of its rule in the list that the matcher was made from. */
  readonly rule: number;
  /** The look of each run, its length, and the letters that it consists of. */
  readonly looks: readonly number[];
  readonly runs: readonly number[];
  readonly letters: readonly (readonly number[])[];
  /** Whether the phrase has a space before a run, or inside it. */
  readonly gapBefore: readonly boolean[];
  readonly gapInside: readonly boolean[];
  /** The number of letters. */
  readonly size: number;
  /** Whether all letters are of a script without spaces: such a phrase also matches within a longer text without spaces. */
  readonly isDense: boolean;
  /** Whether any ending matches. */
  readonly isPrefix: boolean;
};

/** The longest phrase, in letters. It bounds the work per letter of a text. */
export const PHRASE_LETTERS = 64;

/** Parses a line of a word rule; null if it has no letters or more than `PHRASE_LETTERS`. A `*` at the end matches any ending. */
export function phraseOf(line: string, rule: number): Phrase | null {
  const trimmed = line.trim();
  const isPrefix = trimmed.endsWith("*");
  const stream = letterStreamOf(isPrefix ? trimmed.replace(/\*+$/, "") : trimmed);
  if (stream.length === 0 || stream.length > PHRASE_LETTERS) return null;
  const looks: number[] = [];
  const runs: number[] = [];
  const letters: number[][] = [];
  const gapBefore: boolean[] = [];
  const gapInside: boolean[] = [];
  for (let at = 0; at < stream.length; at += 1) {
    const look = lookAt(stream, at);
    const hasGap = at > 0 && gapAt(stream, at) !== gaps.none;
    const last = runs.length - 1;
    if (at === 0 || look !== looks[last]) {
      looks.push(look);
      runs.push(1);
      letters.push([letterAt(stream, at)]);
      gapBefore.push(hasGap);
      gapInside.push(false);
    } else {
      runs[last] = (runs[last] ?? 0) + 1;
      letters[last]?.push(letterAt(stream, at));
      gapInside[last] ||= hasGap;
    }
  }
  const isDense = Array.from({ length: stream.length }, (_, at) => kindAt(stream, at)).every((kind) => kind === kinds.dense);
  return { rule, looks, runs, letters, gapBefore, gapInside, size: stream.length, isDense, isPrefix };
}
