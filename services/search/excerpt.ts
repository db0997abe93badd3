import { limits } from "../../utils/contract/limits.ts";
import type { HighlightDto } from "../../utils/contract/schemas/search.ts";
import { graphemeStart } from "../../utils/text/graphemes.ts";

/** How much text is shown before the first match, in UTF-16 units. */
const BEFORE = 60;

const ELLIPSIS = "…";

/** Returns the start of an excerpt so that the first match is shown, also after an unusually long grapheme. */
function startBefore(text: string, first: number): number {
  const start = graphemeStart(text, Math.min(first - BEFORE, text.length - limits.searchExcerptUnits));
  return first - start < limits.searchExcerptUnits ? start : first;
}

/** Returns the end of an excerpt: at a grapheme boundary, or otherwise at a code point boundary. */
function endAfter(text: string, from: number): number {
  const end = from + limits.searchExcerptUnits;
  if (end >= text.length) return text.length;
  const start = graphemeStart(text, end);
  return start > from ? start : from + ((text.codePointAt(from) ?? 0) > 0xffff ? 2 : 1);
}

/** Returns the part of a text around the first match, cut at grapheme boundaries, with the matches in it. */
export function excerptAround(text: string, matches: readonly HighlightDto[]): { excerpt: string; highlights: HighlightDto[] } {
  const max = limits.searchExcerptUnits;
  if (text.length <= max) return { excerpt: text, highlights: [...matches] };
  const first = matches[0]?.start ?? 0;
  const from = first <= BEFORE ? 0 : startBefore(text, first);
  const to = endAfter(text, from);
  const before = from > 0 ? ELLIPSIS : "";
  const after = to < text.length ? ELLIPSIS : "";
  const shift = before.length - from;
  const shown = matches.flatMap(({ start, end }) =>
    start < to && end > from ? [{ start: Math.max(start, from) + shift, end: Math.min(end, to) + shift }] : [],
  );
  return { excerpt: before + text.slice(from, to) + after, highlights: shown };
}
