import { limits } from "../../utils/contract/limits.ts";
import type { HighlightDto } from "../../utils/contract/search.ts";
import { graphemeStart } from "../../utils/graphemes.ts";

/** So much of the text is shown before the first place. */
const BEFORE = 60;

const ELLIPSIS = "…";

/** The part of a text around the first of some places, cut between characters, with the places in it. */
export function excerptAround(text: string, places: readonly HighlightDto[]): { excerpt: string; highlights: HighlightDto[] } {
  const max = limits.searchExcerptUnits;
  if (text.length <= max) return { excerpt: text, highlights: [...places] };
  const first = places[0]?.start ?? 0;
  const from = first <= BEFORE ? 0 : graphemeStart(text, Math.min(first - BEFORE, text.length - max));
  const to = from + max >= text.length ? text.length : Math.max(graphemeStart(text, from + max), from + 1);
  const [before, after] = [from > 0 ? ELLIPSIS : "", to < text.length ? ELLIPSIS : ""];
  const shift = before.length - from;
  const shown = places.flatMap(({ start, end }) =>
    start < to && end > from ? [{ start: Math.max(start, from) + shift, end: Math.min(end, to) + shift }] : [],
  );
  return { excerpt: before + text.slice(from, to) + after, highlights: shown };
}
