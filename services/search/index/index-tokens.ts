import { japaneseStems, koreanStems } from "../text/light-stems.ts";
import { type Segment, segmentsOf } from "../text/segments.ts";
import { languagesOfWord, stemsOf } from "../text/stems.ts";

/**
 * A message's token in the index: a 32-bit number. Words are hashed to positive numbers, so that the index contains no text and stays
 * small; two words may share a number, and every hit is verified against the message itself (highlight.ts).
 */
export type Token = number;

/** FNV-1a over the UTF-16 units, with a final mix so that short words are distributed too. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  return (value ^ (value >>> 13)) >>> 0;
}

const ofText = (text: string): Token => hash(text) >>> 1;
const attributeToken = (text: string): Token => -(2 ** 30) - 1 - (hash(text) >>> 2);

export const wordToken = (word: string): Token => ofText(`w${word}`);
export const gramToken = (gram: string): Token => ofText(`g${gram}`);
export const stemToken = (stem: string): Token => ofText(`s${stem}`);

export const roomToken = (roomId: string): Token => attributeToken(`room ${roomId}`);
export const loungeToken = (loungeId: string): Token => attributeToken(`lounge ${loungeId}`);
export const authorToken = (authorId: string): Token => attributeToken(`author ${authorId}`);
export const conversationToken: Token = attributeToken("conversation");
export const hasToken = (what: "link" | "attachment"): Token => attributeToken(`has ${what}`);

/** Returns the bigrams and single characters of a run without spaces, so that any part of it can be found. */
export function gramsOf(run: string): string[] {
  const characters = [...run];
  const pairs = characters.slice(1).map((character, index) => (characters[index] ?? "") + character);
  return [...characters, ...pairs];
}

/** Returns the stems that inflected words of a run without spaces share with their other forms. */
const denseStems = ({ text, spelling }: Segment): string[] => [...japaneseStems(spelling).map(({ stem }) => stem), ...koreanStems(text)];

function tokensOfSegment(segment: Segment, languages: readonly string[]): Token[] {
  if (segment.kind === "sign") return [gramToken(segment.text)];
  if (segment.kind === "dense") return [...gramsOf(segment.text).map(gramToken), ...denseStems(segment).map(stemToken)];
  const stems = languagesOfWord(segment, languages).flatMap((language) => stemsOf(segment, language));
  return [wordToken(segment.text), ...stems.map(wordToken)];
}

/** Returns the tokens of a text, each distinct word once. `languages` are those it may be written in. */
export function textTokens(text: string, languages: readonly string[]): Token[] {
  const { segments, compounds } = segmentsOf(text);
  const distinct = new Map([...segments, ...compounds].map((segment) => [`${segment.text} ${segment.spelling}`, segment]));
  return [...distinct.values()].flatMap((segment) => tokensOfSegment(segment, languages));
}
