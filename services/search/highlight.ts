import { limits } from "../../utils/contract/limits.ts";
import type { HighlightDto } from "../../utils/contract/schemas/search.ts";
import type { Term } from "./query-terms.ts";
import { japaneseStems, koreanStems } from "./text/light-stems.ts";
import { type Segment, segmentsOf } from "./text/segments.ts";
import { languagesOfWord, type StemLanguage, stemsOf } from "./text/stems.ts";

type Taken = ReturnType<typeof segmentsOf>;

/** An excerpt cannot show more matches of one term than it has units, and it begins at the first match. */
const MAX_MATCHES = limits.searchExcerptUnits;

/** The terms that a word matches, by its text and by its stems in each language. */
type WordTerms = { readonly texts: Map<string, number[]>; readonly stems: Map<StemLanguage, Map<string, number[]>> };

const wordTerms = new WeakMap<readonly Term[], WordTerms>();

function addTerm(terms: Map<string, number[]>, word: string, term: number): void {
  const existing = terms.get(word);
  if (existing === undefined) terms.set(word, [term]);
  else existing.push(term);
}

/** Builds the index of terms, once per query; it is used for each word of each text, so that more terms do not need more look-ups. */
function wordTermsOf(terms: readonly Term[]): WordTerms {
  const known = wordTerms.get(terms);
  if (known !== undefined) return known;
  const built: WordTerms = { texts: new Map(), stems: new Map() };
  for (const [at, { kind, text, stems }] of terms.entries()) {
    if (kind !== "word") continue;
    addTerm(built.texts, text, at);
    for (const [language, some] of stems) {
      const ofLanguage = built.stems.get(language) ?? new Map<string, number[]>();
      built.stems.set(language, ofLanguage);
      for (const stem of new Set(some)) addTerm(ofLanguage, stem, at);
    }
  }
  wordTerms.set(terms, built);
  return built;
}

/** Returns the terms that a word is a form of. */
function termsOfWord(piece: Segment, { texts, stems }: WordTerms, languages: readonly string[]): Set<number> {
  const found = new Set(texts.get(piece.text));
  for (const language of languagesOfWord(piece, languages)) {
    const ofLanguage = stems.get(language);
    if (ofLanguage === undefined) continue;
    for (const stem of stemsOf(piece, language)) for (const term of ofLanguage.get(stem) ?? []) found.add(term);
  }
  return found;
}

const whole = ({ start, end }: Segment): HighlightDto => ({ start, end });

/** Returns the range of the original text for a part of the normalized text. */
const part = ({ folded }: Taken, at: number, length: number): HighlightDto => ({
  start: folded.starts[at] ?? 0,
  end: folded.ends[at + length - 1] ?? 0,
});

function occurrences(text: string, wanted: string): number[] {
  const found: number[] = [];
  for (let at = text.indexOf(wanted); at !== -1 && found.length < MAX_MATCHES; at = text.indexOf(wanted, at + wanted.length))
    found.push(at);
  return found;
}

/** A run without spaces; its stems are computed when the first term needs them, and once for all terms. */
type Run = { readonly piece: Segment; korean?: readonly string[]; japanese?: ReturnType<typeof japaneseStems> };

const shares = (some: readonly string[], others: readonly string[]): boolean => some.some((one) => others.includes(one));

function inRun(taken: Taken, run: Run, { text, bare }: Term): HighlightDto[] {
  const { piece } = run;
  const exact = occurrences(piece.text, text).map((at) => part(taken, piece.at + at, text.length));
  if (exact.length > 0 || bare.length === 0) return exact;
  run.korean ??= koreanStems(piece.text);
  if (shares(run.korean, bare)) return [whole(piece)];
  run.japanese ??= japaneseStems(piece.written);
  const bent = run.japanese.filter(({ stem }) => bare.includes(stem));
  const isAligned = piece.written.length === piece.text.length;
  return bent.map(({ stem, at }) => (isAligned ? part(taken, piece.at + at, stem.length) : whole(piece)));
}

/** Adds matches in the order of the text, up to `MAX_MATCHES`. */
function add(places: HighlightDto[], more: readonly HighlightDto[]): void {
  for (const place of more.slice(0, MAX_MATCHES - places.length)) places.push(place);
}

/** Returns the matches of each term in a text, in the order of the terms. */
function matchesOf(taken: Taken, terms: readonly Term[], languages: readonly string[]): HighlightDto[][] {
  const places = terms.map((): HighlightDto[] => []);
  const wanted = wordTermsOf(terms);
  const known = new Map<string, Set<number>>();
  for (const piece of [...taken.pieces, ...taken.compounds]) {
    if (piece.kind !== "word") continue;
    const key = `${piece.text} ${piece.written}`;
    const found = known.get(key) ?? termsOfWord(piece, wanted, languages);
    known.set(key, found);
    for (const term of found) add(places[term] ?? [], [whole(piece)]);
  }
  const runs = taken.pieces.filter(({ kind }) => kind === "dense").map((piece): Run => ({ piece }));
  const signs = taken.pieces.filter(({ kind }) => kind === "sign");
  for (const [at, term] of terms.entries()) {
    const ofTerm = places[at] ?? [];
    if (term.kind === "dense") for (const run of runs) add(ofTerm, inRun(taken, run, term));
    if (term.kind === "sign") add(ofTerm, signs.filter(({ text }) => text === term.text).map(whole));
  }
  return places;
}

function merged(places: readonly HighlightDto[]): HighlightDto[] {
  const all: HighlightDto[] = [];
  for (const place of [...places].sort((a, b) => a.start - b.start || a.end - b.end)) {
    const last = all.at(-1);
    if (last !== undefined && place.start <= last.end) last.end = Math.max(last.end, place.end);
    else all.push({ ...place });
  }
  return all;
}

/**
 * Searches the current text of the message: the index only returns candidates.
 * @returns the matches of the terms in the text, in order and without overlaps; null when a term has no match
 */
export function matchesIn(
  text: string,
  { terms, languages }: { terms: readonly Term[]; languages: readonly string[] },
): HighlightDto[] | null {
  if (terms.length === 0) return [];
  const places = matchesOf(segmentsOf(text), terms, languages);
  return places.every(({ length }) => length > 0) ? merged(places.flat()) : null;
}
