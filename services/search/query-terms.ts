import { limits } from "../../utils/contract/limits.ts";
import { gramsOf, gramToken, stemToken, type Token, wordToken } from "./index/index-tokens.ts";
import { japaneseStemAsked, koreanStems } from "./text/light-stems.ts";
import { type Segment, segmentsOf } from "./text/segments.ts";
import { languagesAsked, type StemLanguage, stemsOf } from "./text/stems.ts";

/** One thing that a message must hold to be found. */
export type Term = {
  readonly kind: Segment["kind"];
  readonly text: string;
  /** What the word's other forms share with it, by language. */
  readonly stems: ReadonlyMap<StemLanguage, readonly string[]>;
  /** The same of a run without spaces: bare stems that stand for themselves. */
  readonly bare: readonly string[];
};

/** Tokens of which a message must have at least one. */
export type Key = readonly Token[];

/** More words than this say nothing that the first ones did not. */
const TERMS_MAX = 24;

/** The index is asked for so much; the messages themselves are asked for the rest. */
const KEYS_MAX = 8;

function termOf(piece: Segment): Term {
  const stems = new Map(languagesAsked(piece).map((language) => [language, stemsOf(piece, language)]));
  const japanese = piece.kind === "dense" ? japaneseStemAsked(piece.written) : null;
  const bare = piece.kind === "dense" ? [...koreanStems(piece.text), ...(japanese === null ? [] : [japanese])] : [];
  return { kind: piece.kind, text: piece.text, stems, bare };
}

/** What the first `limits.searchUnits` of a question ask for; signs that are no words mean nothing, so that no syntax can be written. */
export function termsOf(q: string): Term[] {
  const terms = new Map(segmentsOf(q.slice(0, limits.searchUnits)).pieces.map((piece) => [`${piece.kind}:${piece.written}`, piece]));
  return [...terms.values()].slice(0, TERMS_MAX).map(termOf);
}

/** The keys of a run: the more of its pairs, the fewer messages that hold them elsewhere. */
function keysOfRun({ text, bare }: Term): Key[] {
  const length = [...text].length;
  const grams = gramsOf(text);
  const stems = bare.map(stemToken);
  return (length === 1 ? grams : grams.slice(length)).map((gram) => [gramToken(gram), ...stems]);
}

function keysOf(term: Term): Key[] {
  if (term.kind !== "word") return keysOfRun(term);
  return [[...new Set([term.text, ...[...term.stems.values()].flat()].map(wordToken))]];
}

/** What the index is asked for: something of every term first, then more of the long ones. */
export function indexKeys(terms: readonly Term[]): Key[] {
  const all = terms.map(keysOf);
  const rounds = Math.max(0, ...all.map(({ length }) => length));
  const byTurns = Array.from({ length: rounds }, (_, round) => all.flatMap((keys) => (keys[round] === undefined ? [] : [keys[round]])));
  return byTurns.flat().slice(0, KEYS_MAX);
}
