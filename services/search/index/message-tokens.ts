import { hasLink } from "../../../utils/contract/text/links.ts";
import { authorToken, conversationToken, hasToken, loungeToken, roomToken, type Token, textTokens, wordToken } from "./index-tokens.ts";
import { blockTokens } from "./time-buckets.ts";

/** The input of the index: a message and its location. It can be posted to a worker thread. */
export type IndexedMessage = {
  readonly id: string;
  readonly changed_seq: number;
  readonly room_id: string;
  readonly author_id: string;
  readonly text: string;
  readonly language_code: string | null;
  readonly created_at: Date;
  readonly lounge_id: string | null;
  readonly room_language: string | null;
};

/** Returns the tokens that need no text analysis: time, room, lounge, author, links. */
function attributeTokens(message: IndexedMessage): Token[] {
  const { room_id: roomId, lounge_id: loungeId, author_id: authorId, created_at: createdAt, text } = message;
  const containerToken = loungeId === null ? conversationToken : loungeToken(loungeId);
  const attributes = [roomToken(roomId), containerToken, authorToken(authorId), ...(hasLink(text) ? [hasToken("link")] : [])];
  return [...blockTokens(createdAt.getTime()), ...attributes];
}

/** Returns the distinct tokens of a message. */
export function tokensOf(message: IndexedMessage): Token[] {
  const languages = [message.language_code, message.room_language].filter((code) => code !== null);
  return [...new Set([...attributeTokens(message), ...textTokens(message.text, languages)])];
}

/** Words that no step of the analysis changes, in the part of a text that is read without it. */
const PLAIN_WORDS = /(?<![\w\u0080-\uffff])[a-z0-9]{1,40}(?![\w\u0080-\uffff])/g;
const PLAIN_UNITS = 4_000;

/** Returns the tokens of a message whose text cannot be analysed: its plain ASCII words, without their stems. */
export function plainTokensOf(message: IndexedMessage): Token[] {
  const words = message.text.slice(0, PLAIN_UNITS).toLowerCase().match(PLAIN_WORDS) ?? [];
  return [...new Set([...attributeTokens(message), ...words.map(wordToken)])];
}
