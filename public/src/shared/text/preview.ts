import { cachedUser, cachedUserNamed, cachedUserWithUsername } from "../../features/people/user-cache.ts";
import { type MarkdownNode, markdownOf } from "./markdown.ts";
import type { Named } from "./people-in-text.ts";

const BLOCKS = new Set(["paragraph", "quote", "item", "list", "block"]);

type Mentions = readonly string[];

const nobody: Mentions = [];

/** Returns a mention by the user's current name; an ellipsis until it is known. An unknown username stays plain text. */
function personWords({ userId, username, written }: Named, mentions: Mentions): string {
  if (userId) return `@${cachedUser(userId)?.displayName ?? "…"}`;
  if (!username) return written;
  const mentioned = cachedUserNamed(username, mentions) ?? cachedUserWithUsername(username);
  return mentioned ? `@${mentioned.displayName}` : written;
}

function wordsOf(piece: MarkdownNode, mentions: Mentions): string {
  if ("text" in piece) return piece.kind === "block" ? ` ${piece.text} ` : piece.text;
  if (piece.kind === "person") return personWords(piece.named, mentions);
  const words = piece.children.map((child) => wordsOf(child, mentions)).join("");
  return BLOCKS.has(piece.kind) ? ` ${words} ` : words;
}

/** Marks that need a closing counterpart. */
const PAIRED = ["**", "__", "~~", "`"];

/** Repairs a truncated text, which may have lost the end of a mention or a closing mark: the mention is removed, the mark is closed. */
function mended(text: string): string {
  if (!text.endsWith("…")) return text;
  const whole = text
    .slice(0, -1)
    .replace(/<(?:@[\da-f-]*)?$/i, "")
    .replace(/[*_~`\s]+$/, "");
  // A block of code ends with its text, regardless of the marks in it.
  if (whole.includes("```")) return `${whole}…`;
  const lost = PAIRED.filter((mark) => whole.split(mark).length % 2 === 0);
  return `${whole}${lost.reverse().join("")}…`;
}

/** Returns a message in one line, for quotes, lists and notifications: mentions as names, Markdown as plain text. */
export const previewOf = (text: string, mentions: Mentions = nobody): string =>
  markdownOf(mended(text))
    .map((piece) => wordsOf(piece, mentions))
    .join("")
    .replace(/\s+/g, " ")
    .trim();

/** A part of a preview, and whether it is a match. */
export type PreviewPart = { readonly text: string; readonly isFound: boolean };

/** Two noncharacters (which Unicode reserves for internal use): inserted before and after a match. */
const BEGIN = "\uFDD0";
const END = "\uFDD1";

/** What must stay whole: a marker inside a mention or an address would change it. */
const WHOLE = /<@[\da-f-]{36}>|@[a-z0-9._-]+|(?:https?:\/\/|www\.)\S+|\]\([^)\s]*\)|^`{3,}[^\n]*/gim;

type Found = { readonly excerpt: string; readonly highlights: readonly { start: number; end: number }[]; readonly mentions: Mentions };

/** Returns a preview of a search excerpt, with its matches. A match within a mention or an address is not marked. */
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
