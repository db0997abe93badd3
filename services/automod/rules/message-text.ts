import { type HostsOfText, hostsIn } from "./text/hosts.ts";
import { type LetterStream, letterStreamOf, lookAt, normalizedOf, plainOf } from "./text/letter-stream.ts";

/** A text in the forms that rules compare; each is made once, when the first rule needs it. */
export type MessageText = {
  readonly text: string;
  /** The number of people that the text mentions. */
  readonly mentions: number;
  letters(): LetterStream;
  /** The letters if symbols such as `!` and `|` separate letters, and are none. */
  lettersBetweenBars(): LetterStream;
  /** The text in compatibility form and small letters, without invisible characters. */
  normalized(): string;
  hosts(): HostsOfText;
  /** A hash that is equal for texts with the same letters, whatever their case, accents, spaces and punctuation. */
  hash(): string;
};

/** Returns a function that computes a value once. */
function once<Value>(compute: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: compute() };
    return made.value;
  };
}

/** Hashes the letters of a text twice with different seeds, so that two texts hardly ever collide; the text itself if it has none. */
function hashOfLetters(stream: LetterStream, text: string): string {
  const { length } = stream;
  let one = 0x811c9dc5;
  let two = 0x9e3779b9;
  for (let at = 0; at < length; at += 1) {
    one = Math.imul(one ^ lookAt(stream, at), 0x01000193);
    two = Math.imul(two ^ lookAt(stream, at), 0x85ebca6b);
  }
  return length === 0 ? text.trim().slice(0, 100) : `${one} ${two} ${length}`;
}

export function messageTextOf(text: string, mentions: number): MessageText {
  const plain = once(() => plainOf(text));
  const letters = once(() => letterStreamOf(text, { plain: plain() }));
  const lettersBetweenBars = once(() => letterStreamOf(text, { plain: plain(), isBarLetter: false }));
  const normalized = once(() => normalizedOf(plain()));
  return {
    text,
    mentions,
    letters,
    lettersBetweenBars,
    normalized,
    hosts: once(() => hostsIn(normalized())),
    hash: once(() => hashOfLetters(lettersBetweenBars(), text)),
  };
}
