const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** How many characters a reader would count (grapheme clusters, UAX #29). Cost grows with the text: bound it first. */
export function countGraphemes(text: string): number {
  let count = 0;
  for (const _ of segmenter.segment(text)) count += 1;
  return count;
}

/** Whether a text has more than `max` graphemes. A text of at most `max` UTF-16 units cannot, and is not segmented. */
export function exceedsGraphemes(text: string, max: number): boolean {
  if (text.length <= max) return false;
  let count = 0;
  for (const _ of segmenter.segment(text)) {
    count += 1;
    if (count > max) return true;
  }
  return false;
}

/** Where the grapheme begins that a place in a text lies in. */
export const graphemeStart = (text: string, at: number): number => segmenter.segment(text).containing(at)?.index ?? text.length;
