import { limits } from "../../utils/contract/limits.ts";
import { gramsOf, gramToken, stemToken, type Token, wordToken } from "./index/index-tokens.ts";
import { japaneseQueryStem, koreanStems } from "./text/light-stems.ts";
import { type Segment, segmentsOf } from "./text/segments.ts";
import { languagesOfQueryWord, type StemLanguage, stemsOf } from "./text/stems.ts";

/** One condition that a message must match. */
export type Term = {
  readonly kind: Segment["kind"];
  readonly text: string;
  /** The stems that other forms of the word share, by language. */
  readonly stems: ReadonlyMap<StemLanguage, readonly string[]>;
  /** The stems of a run without spaces, which are not bound to a language. */
  readonly bare: readonly string[];
};

/** Tokens of which a message must have at least one. */
export type Key = readonly Token[];

/** The maximum number of terms; further words do not make a query more precise. */
const TERMS_MAX = 24;

/** The maximum number of keys for the index; the remaining terms are only checked against the messages. */
const KEYS_MAX = 8;

function termOf(segment: Segment): Term {
  const stems = new Map(languagesOfQueryWord(segment).map((language) => [language, stemsOf(segment, language)]));
  const japanese = segment.kind === "dense" ? japaneseQueryStem(segment.spelling) : null;
  const bare = segment.kind === "dense" ? [...koreanStems(segment.text), ...(japanese === null ? [] : [japanese])] : [];
  return { kind: segment.kind, text: segment.text, stems, bare };
}

/** Returns the terms of the first `limits.searchUnits` of a query; punctuation is ignored, so there is no query syntax. */
export function termsOf(q: string): Term[] {
  const terms = new Map(
    segmentsOf(q.slice(0, limits.searchUnits)).segments.map((segment) => [`${segment.kind}:${segment.spelling}`, segment]),
  );
  return [...terms.values()].slice(0, TERMS_MAX).map(termOf);
}

/** Returns the keys of a run: each additional bigram reduces the number of false hits. */
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

/** Returns the keys for the index: one of every term first, then more of the long terms. */
export function indexKeys(terms: readonly Term[]): Key[] {
  const all = terms.map(keysOf);
  const rounds = Math.max(0, ...all.map(({ length }) => length));
  const interleaved = Array.from({ length: rounds }, (_, round) => all.flatMap((keys) => (keys[round] === undefined ? [] : [keys[round]])));
  return interleaved.flat().slice(0, KEYS_MAX);
}
