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
function termsOfWord(segment: Segment, { texts, stems }: WordTerms, languages: readonly string[]): Set<number> {
  const found = new Set(texts.get(segment.text));
  for (const language of languagesOfWord(segment, languages)) {
    const ofLanguage = stems.get(language);
    if (ofLanguage === undefined) continue;
    for (const stem of stemsOf(segment, language)) for (const term of ofLanguage.get(stem) ?? []) found.add(term);
  }
  return found;
}

const whole = ({ start, end }: Segment): HighlightDto => ({ start, end });

/** Returns the range of the original text for a part of the normalized text. */
const part = ({ normalized }: Taken, at: number, length: number): HighlightDto => ({
  start: normalized.starts[at] ?? 0,
  end: normalized.ends[at + length - 1] ?? 0,
});

function occurrences(text: string, wanted: string): number[] {
  const found: number[] = [];
  for (let at = text.indexOf(wanted); at !== -1 && found.length < MAX_MATCHES; at = text.indexOf(wanted, at + wanted.length))
    found.push(at);
  return found;
}

/** A run without spaces; its stems are computed when the first term needs them, and once for all terms. */
type Run = { readonly segment: Segment; korean?: readonly string[]; japanese?: ReturnType<typeof japaneseStems> };

const shares = (some: readonly string[], others: readonly string[]): boolean => some.some((one) => others.includes(one));

function inRun(taken: Taken, run: Run, { text, bare }: Term): HighlightDto[] {
  const { segment } = run;
  const exact = occurrences(segment.text, text).map((at) => part(taken, segment.at + at, text.length));
  if (exact.length > 0 || bare.length === 0) return exact;
  run.korean ??= koreanStems(segment.text);
  if (shares(run.korean, bare)) return [whole(segment)];
  run.japanese ??= japaneseStems(segment.spelling);
  const inflected = run.japanese.filter(({ stem }) => bare.includes(stem));
  const isAligned = segment.spelling.length === segment.text.length;
  return inflected.map(({ stem, at }) => (isAligned ? part(taken, segment.at + at, stem.length) : whole(segment)));
}

/** Adds matches in the order of the text, up to `MAX_MATCHES`. */
function add(matches: HighlightDto[], more: readonly HighlightDto[]): void {
  for (const match of more.slice(0, MAX_MATCHES - matches.length)) matches.push(match);
}

/** Returns the matches of each term in a text, in the order of the terms. */
function matchesOf(taken: Taken, terms: readonly Term[], languages: readonly string[]): HighlightDto[][] {
  const matches = terms.map((): HighlightDto[] => []);
  const wanted = wordTermsOf(terms);
  const known = new Map<string, Set<number>>();
  for (const segment of [...taken.segments, ...taken.compounds]) {
    if (segment.kind !== "word") continue;
    const key = `${segment.text} ${segment.spelling}`;
    const found = known.get(key) ?? termsOfWord(segment, wanted, languages);
    known.set(key, found);
    for (const term of found) add(matches[term] ?? [], [whole(segment)]);
  }
  const runs = taken.segments.filter(({ kind }) => kind === "dense").map((segment): Run => ({ segment }));
  const signs = taken.segments.filter(({ kind }) => kind === "sign");
  for (const [at, term] of terms.entries()) {
    const ofTerm = matches[at] ?? [];
    if (term.kind === "dense") for (const run of runs) add(ofTerm, inRun(taken, run, term));
    if (term.kind === "sign") add(ofTerm, signs.filter(({ text }) => text === term.text).map(whole));
  }
  return matches;
}

function merged(matches: readonly HighlightDto[]): HighlightDto[] {
  const all: HighlightDto[] = [];
  for (const match of [...matches].sort((a, b) => a.start - b.start || a.end - b.end)) {
    const last = all.at(-1);
    if (last !== undefined && match.start <= last.end) last.end = Math.max(last.end, match.end);
    else all.push({ ...match });
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
  const matches = matchesOf(segmentsOf(text), terms, languages);
  return matches.every(({ length }) => length > 0) ? merged(matches.flat()) : null;
}
