import { limits } from "../limits.ts";
import { firstGraphemes } from "./graphemes.ts";

/**
 * Code points of a text that an excerpt is taken from. It bounds the cost of counting graphemes, and it is what the server's
 * statements read of a parent message (`left(text, 400)`), so that an excerpt from the whole text is the same one.
 */
export const EXCERPT_CODE_POINTS = 400;

function firstCodePoints(text: string, max: number): string {
  if (text.length <= max) return text;
  let end = 0;
  for (let count = 0; count < max && end < text.length; count += 1) end += (text.codePointAt(end) ?? 0) > 0xffff ? 2 : 1;
  return text.slice(0, end);
}

/** Returns the beginning of a message as replies and notifications show it. Server and clients use this one rule. */
export const excerptOf = (text: string): string => firstGraphemes(firstCodePoints(text, EXCERPT_CODE_POINTS), limits.excerptGraphemes);
