import { countGraphemes } from "../contract/text/graphemes.ts";

export { countGraphemes, firstGraphemes } from "../contract/text/graphemes.ts";

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** Whether a text has more than `max` graphemes. A text of at most `max` UTF-16 units cannot, and is not segmented. */
export const exceedsGraphemes = (text: string, max: number): boolean => text.length > max && countGraphemes(text, max) > max;

/** Returns the start of the grapheme that contains an index. */
export const graphemeStart = (text: string, at: number): number => segmenter.segment(text).containing(at)?.index ?? text.length;
