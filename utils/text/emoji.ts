/** One emoji recommended for interchange, sequences included (UTS #51). */
// biome-ignore lint/complexity/useRegexLiterals: TypeScript knows the flag only for a younger target
const EMOJI = new RegExp("^\\p{RGI_Emoji}$", "v");

const AS_PICTURE = "\uFE0F";

/** A text as the one emoji it is, in its full form, so that a heart with and without its selector is one heart; null for any other text. */
export function emojiOf(text: string): string | null {
  if (EMOJI.test(text)) return text;
  const qualified = `${text}${AS_PICTURE}`;
  return EMOJI.test(qualified) ? qualified : null;
}
