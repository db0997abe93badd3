import { limits } from "../../../../utils/contract/limits.ts";
import { countGraphemes } from "../../../../utils/contract/text/graphemes.ts";

/** How many more characters, or about how many more emoji, a message may have; negative when it has too many. */
export type LengthLeft = { readonly kind: "characters" | "emoji"; readonly left: number };

const WARN_BEFORE = 200;
/** Size reserved for the IDs and field names around a text, in bytes. */
const FRAME_BYTES = 1_024;
/** Maximum JSON size of one UTF-16 unit, reached by control characters, in bytes. */
const MOST_BYTES_PER_UNIT = 6;
const SAMPLE_UNITS = 2_000;

const encoder = new TextEncoder();
const EMOJI_PARTS = /\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}|\u200d|\ufe0f/gu;

/** Counting the graphemes of a very long text is slow, so its beginning serves as a sample. */
const unitsPerGrapheme = (sample: string): number => sample.length / Math.max(1, countGraphemes(sample));

const isMostlyEmoji = (sample: string): boolean => (sample.match(EMOJI_PARTS)?.join("").length ?? 0) > sample.length / 2;

const unitsLeftByBytes = (text: string): number => {
  if (text.length * MOST_BYTES_PER_UNIT < limits.bodyBytes - FRAME_BYTES) return Number.POSITIVE_INFINITY;
  const bytes = encoder.encode(JSON.stringify(text)).length;
  return ((limits.bodyBytes - FRAME_BYTES - bytes) / bytes) * text.length;
};

/**
 * Returns how much longer a message may become, or null while that is far away. Three limits apply: the number of graphemes, the number
 * of UTF-16 units, and the bytes of the frame to the server. Combined emoji reach the latter two first; what is left for them is an
 * estimate.
 */
export function lengthLeft(text: string): LengthLeft | null {
  if (text.length < limits.textGraphemes - WARN_BEFORE) return null;
  const sample = text.slice(0, SAMPLE_UNITS);
  const perGrapheme = unitsPerGrapheme(sample);
  const graphemes = text.length > limits.textUnits ? Math.round(text.length / perGrapheme) : countGraphemes(text);
  const byGraphemes = limits.textGraphemes - graphemes;
  const byUnits = Math.floor(Math.min(limits.textUnits - text.length, unitsLeftByBytes(text)) / perGrapheme);
  const left = Math.min(byGraphemes, byUnits);
  if (left > WARN_BEFORE) return null;
  return { kind: byUnits < byGraphemes && isMostlyEmoji(sample) ? "emoji" : "characters", left };
}
