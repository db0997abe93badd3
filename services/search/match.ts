import type { HighlightDto } from "../../utils/contract/search.ts";
import { japaneseStems, koreanStems } from "./light-stems.ts";
import { type Piece, piecesOf } from "./pieces.ts";
import { languagesOfWord, stemsOf } from "./stems.ts";
import type { Term } from "./terms.ts";

type Taken = ReturnType<typeof piecesOf>;

const shares = (some: readonly string[], others: readonly string[]): boolean => some.some((one) => others.includes(one));

const isForm = (piece: Piece, { text, stems }: Term, languages: readonly string[]): boolean =>
  piece.text === text || languagesOfWord(piece, languages).some((language) => shares(stemsOf(piece, language), stems.get(language) ?? []));

const whole = ({ start, end }: Piece): HighlightDto => ({ start, end });

/** A part of the folded text, as it stands in the original. */
const part = ({ folded }: Taken, at: number, length: number): HighlightDto => ({
  start: folded.starts[at] ?? 0,
  end: folded.ends[at + length - 1] ?? 0,
});

function* occurrences(text: string, wanted: string): Generator<number> {
  for (let at = text.indexOf(wanted); at !== -1; at = text.indexOf(wanted, at + wanted.length)) yield at;
}

function inRun(taken: Taken, piece: Piece, { text, bare }: Term): HighlightDto[] {
  const exact = [...occurrences(piece.text, text)].map((at) => part(taken, piece.at + at, text.length));
  if (exact.length > 0 || bare.length === 0) return exact;
  if (shares(koreanStems(piece.text), bare)) return [whole(piece)];
  const bent = japaneseStems(piece.written).filter(({ stem }) => bare.includes(stem));
  const isAligned = piece.written.length === piece.text.length;
  return bent.map(({ stem, at }) => (isAligned ? part(taken, piece.at + at, stem.length) : whole(piece)));
}

function placesOf(taken: Taken, term: Term, languages: readonly string[]): HighlightDto[] {
  if (term.kind === "dense") return taken.pieces.flatMap((piece) => (piece.kind === "dense" ? inRun(taken, piece, term) : []));
  if (term.kind === "sign") return taken.pieces.filter(({ kind, text }) => kind === "sign" && text === term.text).map(whole);
  const words = [...taken.pieces, ...taken.compounds].filter(({ kind }) => kind === "word");
  return words.filter((piece) => isForm(piece, term, languages)).map(whole);
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
 * Looks into the message itself, as it stands now: the index only says where it is worth looking.
 * @returns where the terms stand in the text, in order and without overlaps; null when one of them is missing
 */
export function placesIn(
  text: string,
  { terms, languages }: { terms: readonly Term[]; languages: readonly string[] },
): HighlightDto[] | null {
  if (terms.length === 0) return [];
  const taken = piecesOf(text);
  const places = terms.map((term) => placesOf(taken, term, languages));
  return places.every(({ length }) => length > 0) ? merged(places.flat()) : null;
}
