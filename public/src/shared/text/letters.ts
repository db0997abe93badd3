import { countGraphemes } from "../../../../utils/contract/text/graphemes.ts";

const PICTURES = /^(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}|[\u200d\ufe0f\s])+$/u;

/** One to three emoji and nothing else may be shown large. */
export const isPictorial = (text: string): boolean => text.length <= 24 && PICTURES.test(text) && graphemesOf(text.replace(/\s/g, "")) <= 3;

/** What a reader would call characters. */
export const graphemesOf = (text: string): number => countGraphemes(text);
