import { limits } from "../limits.ts";
import { firstGraphemes } from "./graphemes.ts";

/**
 * The number of code points an excerpt is taken from. It bounds the cost of counting graphemes. The server's SQL statements read as much of
 * a parent message (`left(text, 400)`), so that both produce the same excerpt.
 */
export const EXCERPT_CODE_POINTS = 400;

function firstCodePoints(text: string, max: number): string {
  if (text.length <= max) return text;
  let end = 0;
  for (let count = 0; count < max && end < text.length; count += 1) end += (text.codePointAt(end) ?? 0) > 0xffff ? 2 : 1;
  return text.slice(0, end);
}

/** Returns the excerpt of a message that replies and notifications show. Server and clients share this rule. */
export const excerptOf = (text: string): string => firstGraphemes(firstCodePoints(text, EXCERPT_CODE_POINTS), limits.excerptGraphemes);
