import { countGraphemes } from "../../../../utils/contract/text/graphemes.ts";

const PICTURES = /^(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}|[\u200d\ufe0f\s])+$/u;

/** Whether a text consists of one to three emoji only, which may be shown large. */
export const isPictorial = (text: string): boolean => text.length <= 24 && PICTURES.test(text) && graphemesOf(text.replace(/\s/g, "")) <= 3;

/** Counts graphemes: what users perceive as characters. */
export const graphemesOf = (text: string): number => countGraphemes(text);
