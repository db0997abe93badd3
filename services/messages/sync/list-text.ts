import type { MessageDto } from "../../../utils/contract/schemas/messages.ts";

/** A list of messages of which several responses contain a part, and its JSON text in UTF-8 once a second response needs it. */
export type SharedList = {
  readonly messages: readonly MessageDto[];
  /** How many responses were encoded. */
  answers: number;
  encoded: Encoded | null;
};

/** The texts of all messages, separated by commas; `starts` contains the offset of each, and that of a following one. */
type Encoded = { readonly bytes: Buffer; readonly starts: readonly number[] };

type Part = { readonly list: SharedList; readonly from: number };

const parts = new WeakMap<readonly object[], Part>();

export const shareList = (messages: readonly MessageDto[]): SharedList => ({ messages, answers: 0, encoded: null });

/** Returns the messages of a shared list from one index up to, not including, another. */
export function partOf(list: SharedList, from: number, to: number): MessageDto[] {
  const messages = list.messages.slice(from, to);
  parts.set(messages, { list, from });
  return messages;
}

function encode(messages: readonly MessageDto[]): Encoded {
  const texts = messages.map((message) => JSON.stringify(message));
  let end = 0;
  const starts = [end];
  for (const text of texts) {
    end += Buffer.byteLength(text) + 1;
    starts.push(end);
  }
  return { bytes: Buffer.from(texts.join()), starts };
}

/**
 * Returns the JSON text of the elements of an array that `partOf` returned, in UTF-8 and shared by all responses: it must not be changed.
 * Undefined for any other array, for an empty one, and for the first response from a list, which is often the only one.
 */
export function sharedTextOf(messages: readonly object[]): Buffer | undefined {
  const part = parts.get(messages);
  if (part === undefined || messages.length === 0) return undefined;
  const { list, from } = part;
  list.answers += 1;
  if (list.answers === 1) return undefined;
  list.encoded ??= encode(list.messages);
  const { bytes, starts } = list.encoded;
  return bytes.subarray(starts[from], (starts[from + messages.length] ?? 0) - 1);
}
