import type { AuthorDto } from "../../../../utils/contract/schemas/users.ts";
import { comparable, comparableInput } from "../../shared/text/comparable.ts";

/** The token before the caret that can be completed: a user after `@`, an emoji after `:`. */
export type Begun = { kind: "people" | "emoji"; wanted: string; from: number; to: number };

const BEGUN = /(?:^|[\s([{"'«“])([@:])([\p{L}\p{N}\p{M}._+-]{0,32})$/u;
/** `:` starts many an emoticon, so emoji completion starts at the second character. */
const LETTERS_OF_EMOJI = 2;

export function begunIn(text: string, caret: number): Begun | null {
  const found = BEGUN.exec(text.slice(0, caret));
  if (!found) return null;
  const [, sign, wanted = ""] = found;
  if (sign === ":" && wanted.length < LETTERS_OF_EMOJI) return null;
  return { kind: sign === "@" ? "people" : "emoji", wanted, from: caret - wanted.length - 1, to: caret };
}

/** Returns the text with the token replaced, and the new caret position. */
export function completed(text: string, { from, to }: Begun, instead: string): { text: string; caret: number } {
  const rest = text.slice(to);
  const gap = /^\s/.test(rest) ? "" : " ";
  return { text: text.slice(0, from) + instead + gap + rest, caret: from + instead.length + 1 };
}

type Person = Pick<AuthorDto, "id" | "displayName">;

/** Returns the users whose name, or a part of it, starts with the input. */
export function peopleNamed<Someone extends Person>(people: readonly Someone[], wanted: string, but: string | null): Someone[] {
  const start = comparableInput(wanted);
  const isMeant = ({ displayName }: Person): boolean => {
    const name = comparable(displayName);
    return (
      name.startsWith(start) || name.split(/[\s._-]+/).some((word) => word.startsWith(start)) || name.replace(/\s+/g, "").startsWith(start)
    );
  };
  return people.filter((one) => one.id !== but && isMeant(one));
}
