import { limits } from "./limits.ts";

/**
 * Code points of a text that an excerpt is taken from. It bounds the cost of counting graphemes, and it is what the server's
 * statements read of a parent message (`left(text, 400)`), so that an excerpt from the whole text is the same one.
 */
export const EXCERPT_CODE_POINTS = 400;

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

function firstCodePoints(text: string, max: number): string {
  if (text.length <= max) return text;
  let end = 0;
  for (let count = 0; count < max && end < text.length; count += 1) end += (text.codePointAt(end) ?? 0) > 0xffff ? 2 : 1;
  return text.slice(0, end);
}

/** The beginning of a text: at most `max` graphemes, with an ellipsis where more of them follow. */
function firstGraphemes(text: string, max: number): string {
  if (text.length <= max) return text;
  let count = 0;
  for (const { index } of segmenter.segment(text)) {
    if (count === max) return `${text.slice(0, index)}…`;
    count += 1;
  }
  return text;
}

/** Returns the beginning of a message as replies and notifications show it. Server and clients use this one rule. */
export const excerptOf = (text: string): string => firstGraphemes(firstCodePoints(text, EXCERPT_CODE_POINTS), limits.excerptGraphemes);
