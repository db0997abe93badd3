/** Matches one emoji recommended for interchange, including sequences (UTS #51). */
// biome-ignore lint/complexity/useRegexLiterals: TypeScript knows the flag only for a younger target
const EMOJI = new RegExp("^\\p{RGI_Emoji}$", "v");

const EMOJI_PRESENTATION = "\uFE0F";

/**
 * Returns the fully qualified form of a text that is one emoji, so that a heart with and without its variation selector is the same; null
 * for any other text.
 */
export function emojiOf(text: string): string | null {
  if (EMOJI.test(text)) return text;
  const qualified = `${text}${EMOJI_PRESENTATION}`;
  return EMOJI.test(qualified) ? qualified : null;
}
