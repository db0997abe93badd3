import { cachedUser, cachedUserNamed, cachedUserWithUsername } from "../../features/people/user-cache.ts";
import { type MarkdownNode, markdownOf } from "./markdown.ts";
import type { Named } from "./people-in-text.ts";

const BLOCKS = new Set(["paragraph", "quote", "item", "list", "block"]);

type Mentions = readonly string[];

const nobody: Mentions = [];

/** Somebody named in a text, by their present name; an ellipsis until that is known. A username that nobody known here has is just a word. */
function personWords({ userId, username, written }: Named, mentions: Mentions): string {
  if (userId) return `@${cachedUser(userId)?.displayName ?? "…"}`;
  if (!username) return written;
  const face = cachedUserNamed(username, mentions) ?? cachedUserWithUsername(username);
  return face ? `@${face.displayName}` : written;
}

function wordsOf(piece: MarkdownNode, mentions: Mentions): string {
  if ("text" in piece) return piece.kind === "block" ? ` ${piece.text} ` : piece.text;
  if (piece.kind === "person") return personWords(piece.named, mentions);
  const words = piece.children.map((child) => wordsOf(child, mentions)).join("");
  return BLOCKS.has(piece.kind) ? ` ${words} ` : words;
}

/** The marks that end what they began. */
const PAIRED = ["**", "__", "~~", "`"];

/** A text that was cut may have lost the end of a name, and the second of two marks: the name is left out, the mark is given its second. */
function mended(text: string): string {
  if (!text.endsWith("…")) return text;
  const whole = text
    .slice(0, -1)
    .replace(/<(?:@[\da-f-]*)?$/i, "")
    .replace(/[*_~`\s]+$/, "");
  // A block of code ends with its text, whatever marks are in it.
  if (whole.includes("```")) return `${whole}…`;
  const lost = PAIRED.filter((mark) => whole.split(mark).length % 2 === 0);
  return `${whole}${lost.reverse().join("")}…`;
}

/** A message in one line, for quotes, lists and notifications: people by their names, Markdown by its words alone. */
export const previewOf = (text: string, mentions: Mentions = nobody): string =>
  markdownOf(mended(text))
    .map((piece) => wordsOf(piece, mentions))
    .join("")
    .replace(/\s+/g, " ")
    .trim();

/** A part of a preview, and whether it is one of the places that were found. */
export type PreviewPart = { readonly text: string; readonly isFound: boolean };

/** Two code points that no text means anything by (Unicode keeps them out of interchange): before and after a place that was found. */
const BEGIN = "\uFDD0";
const END = "\uFDD1";

/** What is read as a whole: a mark in the middle of a name would leave a name that nobody has, or another address. */
const WHOLE = /<@[\da-f-]{36}>|@[a-z0-9._-]+|(?:https?:\/\/|www\.)\S+|\]\([^)\s]*\)|^`{3,}[^\n]*/gim;

type Found = { readonly excerpt: string; readonly highlights: readonly { start: number; end: number }[]; readonly mentions: Mentions };

/** A preview of an excerpt that was searched for, with the places in it. A place within a name or an address is not marked. */
export function foundPreviewOf({ excerpt, highlights, mentions }: Found): PreviewPart[] {
  const wholes = [...excerpt.matchAll(WHOLE)].map(({ 0: written, index }) => ({ start: index, end: index + written.length }));
  const places = highlights.filter((place) => !wholes.some((whole) => place.start < whole.end && whole.start < place.end));
  let marked = "";
  let end = 0;
  for (const place of places) {
    marked += `${excerpt.slice(end, place.start)}${BEGIN}${excerpt.slice(place.start, place.end)}${END}`;
    end = place.end;
  }
  const [first = "", ...rest] = previewOf(marked + excerpt.slice(end), mentions).split(BEGIN);
  const parts = rest.flatMap((part): PreviewPart[] => {
    const [found = "", ...after] = part.split(END);
    return [
      { text: found, isFound: true },
      { text: after.join(""), isFound: false },
    ];
  });
  return [{ text: first.replaceAll(END, ""), isFound: false }, ...parts].filter(({ text }) => text !== "");
}
