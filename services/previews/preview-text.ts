import { avatarColorOf } from "../../utils/contract/avatar-color.ts";
import type { PreviewMessageDto } from "../../utils/contract/schemas/previews.ts";
import { excerptOf } from "../../utils/contract/text/excerpt.ts";
import { withNames } from "../messages/text/named-text.ts";
import type { PreviewRow } from "./preview-queries.ts";

/** Line breaks and other control characters, and characters that change the direction of the surrounding text. */
const CONTROLS = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu;

/** Quoted lines of earlier messages. A message that consists only of quotes is shown without the quote markers. */
const QUOTES = /^[ \t]*>.*$/gm;
const QUOTE_MARKERS = /^[ \t]*(?:>[ \t]?)+/gm;

/** Markdown that would appear as stray characters: code fences with their language, list markers, emphasis, links. */
const MARKS: readonly (readonly [RegExp, string])[] = [
  [/^[ \t]*(?:```|~~~)[^\n`]*$/gm, " "],
  [/^[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+/gm, ""],
  [/!?\[([^\]\n]*)\]\((?:[^()\n]|\([^()\n]*\))*\)/g, "$1"],
  [/\*\*|__|~~|`+/g, ""],
  [/(?<![\p{L}\p{N}*])\*(?=\S)|(?<=\S)\*(?![\p{L}\p{N}*])/gu, ""],
];

/**
 * Returns the beginning of a message as one line of plain text: mentions as names, no Markdown, no control or direction characters. It is
 * text and not markup: clients must escape it.
 */
export function previewTextOf({ text, names }: Pick<PreviewRow, "text" | "names">): string {
  const answer = text.replace(QUOTES, "");
  const own = answer.trim() === "" ? text.replace(QUOTE_MARKERS, "") : answer;
  const plain = MARKS.reduce((rest, [mark, instead]) => rest.replace(mark, instead), own);
  const named = withNames(plain, names, () => "@…");
  return excerptOf(named.replace(CONTROLS, " ").replace(/\s+/g, " ").trim()) || "…";
}

/** Converts a message to the format for visitors. */
export const presentPreview = (row: PreviewRow): PreviewMessageDto => ({
  seq: row.seq,
  author: { displayName: row.author_name, kind: row.author_kind, avatarColor: avatarColorOf(row.author_id) },
  text: previewTextOf(row),
  languageCode: row.language_code,
  createdAt: row.created_at.toISOString(),
});
