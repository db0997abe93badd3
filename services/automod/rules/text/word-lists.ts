import { englishDataset, englishRecommendedTransformers, RegExpMatcher } from "obscenity";

/** The line of a word rule that stands for the built-in list of English profanities. */
const ENGLISH_LINE = "@list:en";

/** How much of a text is searched for them, in UTF-16 units: the patterns of the list take more time than words. */
const ENGLISH_UNITS = 4_000;

/** Whether a line of a word rule names a built-in list. */
export const isListLine = (line: string): boolean => line.startsWith("@list:");

/** Whether a line stands for the list of English profanities, the only one. */
export const isEnglishList = (line: string): boolean => line.toLowerCase() === ENGLISH_LINE;

let english: RegExpMatcher | undefined;

/** Whether a text has an English profanity, also in disguise and as a part of another word. Known words that contain one are excepted. */
export function hasEnglishProfanity(text: string): boolean {
  english ??= new RegExpMatcher({ ...englishDataset.build(), ...englishRecommendedTransformers });
  return english.hasMatch(text.slice(0, ENGLISH_UNITS));
}
