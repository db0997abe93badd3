import type { Link, List, Nodes, Parents, RootContent } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmAutolinkLiteralFromMarkdown } from "mdast-util-gfm-autolink-literal";
import { gfmStrikethroughFromMarkdown } from "mdast-util-gfm-strikethrough";
import { gfmAutolinkLiteral } from "micromark-extension-gfm-autolink-literal";
import { gfmStrikethrough } from "micromark-extension-gfm-strikethrough";
import { type CodeLanguage, codeLanguageOf } from "../../code/languages.ts";
import { hostLabel, shortened, targetOf, trimmed } from "./links.ts";
import { type Named, peopleIn } from "./people-in-text.ts";

/** What a message may consist of. There is no kind for the author's own markup: it stays text. */
export type MarkdownNode =
  | { kind: "text"; text: string }
  | { kind: "person"; named: Named }
  | { kind: "code"; text: string }
  | { kind: "block"; text: string; language: CodeLanguage | null }
  | { kind: "emphasis" | "strong" | "struck" | "quote" | "item" | "paragraph"; children: MarkdownNode[] }
  | { kind: "list"; start: number | null; children: MarkdownNode[] }
  | { kind: "link"; href: string; isAddress: boolean; host: string | null; children: MarkdownNode[] };

/** Maximum nesting depth: anything deeper is shown as it was written. */
const DEEPEST = 6;
const KEPT = 400;

/**
 * Constructs that messages do not support; they stay text. As in Slack and Discord this is the formatting of a chat, not of a document:
 * emphasis (`*x*`, `_x_`), bold (`**x**` and, as Markdown has it, `__x__`), `~~x~~`, code, quotes, lists, links and mentions. Headings,
 * tables, rules and HTML stay as they were typed: a "#" at the start of a line is more often a channel, a number or a tag than a heading.
 */
const absent = "htmlFlow,htmlText,headingAtx,setextUnderline,definition,thematicBreak,codeIndented,characterReference".split(",");

const reader = {
  extensions: [gfmAutolinkLiteral(), gfmStrikethrough({ singleTilde: false }), { disable: { null: absent } }],
  // The tokens are sufficient: no second pass through the finished tree.
  mdastExtensions: [gfmStrikethroughFromMarkdown(), { ...gfmAutolinkLiteralFromMarkdown(), transforms: [] }],
};

const simple = {
  emphasis: "emphasis",
  strong: "strong",
  delete: "struck",
  blockquote: "quote",
  listItem: "item",
  paragraph: "paragraph",
} as const;

const words = (text: string): MarkdownNode[] =>
  peopleIn(text).map((piece) => (typeof piece === "string" ? { kind: "text", text: piece } : { kind: "person", named: piece }));

const sourceOf = (node: Nodes, source: string): string =>
  source.slice(node.position?.start.offset ?? 0, node.position?.end.offset ?? source.length);

const textOf = (pieces: readonly MarkdownNode[]): string =>
  pieces.map((piece) => ("text" in piece ? piece.text : "children" in piece ? textOf(piece.children) : piece.named.written)).join("");

/** Returns a link for an address in the text, without the sentence's punctuation at its end. */
function addressOf(written: string, url: string): MarkdownNode[] | null {
  const address = trimmed(written);
  const target = targetOf(url.endsWith(written) ? url.slice(0, url.length - written.length) + address : url);
  if (!target) return null;
  const link: MarkdownNode = {
    kind: "link",
    href: target.href,
    isAddress: true,
    host: hostLabel(address, target),
    children: [{ kind: "text", text: shortened(address) }],
  };
  return address === written ? [link] : [link, { kind: "text", text: written.slice(address.length) }];
}

function linkOf(node: Link, at: Place): MarkdownNode[] {
  const [only] = node.children;
  const source = sourceOf(node, at.source);
  if (node.children.length === 1 && only?.type === "text" && (source === only.value || source === `<${only.value}>`)) {
    return addressOf(only.value, node.url) ?? [{ kind: "text", text: source }];
  }
  const target = targetOf(node.url);
  const children = piecesOf(node, at);
  if (!target || textOf(children).trim() === "") return [{ kind: "text", text: source }];
  return [{ kind: "link", href: target.href, isAddress: false, host: hostLabel(textOf(children), target), children }];
}

const listOf = (node: List, at: Place): MarkdownNode => ({
  kind: "list",
  start: node.ordered ? (node.start ?? 1) : null,
  children: piecesOf(node, at),
});

type Place = { source: string; depth: number };

/** Converts one node of the tree. Unsupported nodes are shown as they were written. */
function pieceOf(node: RootContent, at: Place): MarkdownNode[] {
  if (node.type === "text") return words(node.value);
  if (node.type === "break") return [{ kind: "text", text: "\n" }];
  if (node.type === "inlineCode") return [{ kind: "code", text: node.value }];
  if (node.type === "code") return [{ kind: "block", text: node.value, language: codeLanguageOf(node.lang ?? "") }];
  if (at.depth < DEEPEST) {
    if (node.type === "link") return linkOf(node, at);
    if (node.type === "list") return [listOf(node, at)];
    if (node.type in simple) return [{ kind: simple[node.type as keyof typeof simple], children: piecesOf(node as Parents, at) }];
  }
  return [{ kind: "text", text: sourceOf(node, at.source) }];
}

const piecesOf = (node: Parents, { source, depth }: Place): MarkdownNode[] =>
  node.children.flatMap((child) => pieceOf(child, { source, depth: depth + 1 }));

/** Ends a quote at the end of its line: what follows is the author's own text. */
const endQuotes = (text: string): string => text.replace(/^( {0,3}>.*)\n(?! {0,3}>)(?=.*\S)/gm, "$1\n\n");

/** Whether the text may contain any formatting. Most messages skip the parser. */
const MARKS = /[*_~`[\]\\<>@]|^[ \t]*(?:[-+]|\d+[.)])\s|:\/\/|www\./im;
const MARK = /[*_~`[\]\\<>@]|:\/\/|www\.|^[ \t]*(?:[-+]|\d+[.)])\s/gim;
/** Nested blocks, deeper than in any genuine message. */
const NESTED = /^[ \t]*(?:(?:[->*+]|\d+[.)])[ \t]*){7}|^[ \t]{20,}(?:[->*+]|\d+[.)])/m;
/** The parser's time grows with the square of these: beyond this number a text is shown as it was written. */
const MOST_MARKS = 300;

/** Punctuation that may end an address: for each one the parser scans to the end of the line. */
const LONG_ENDING = /[!"'()*,.:;<?\]_~&]{100}/;

const isHostile = (text: string): boolean => NESTED.test(text) || LONG_ENDING.test(text) || (text.match(MARK)?.length ?? 0) > MOST_MARKS;

const FENCED = /^(`{3,})([^`\n]*)\n([\s\S]*?)(?:\n\1`*[ \t]*$|$(?![\s\S]))/gm;

function readWords(written: string): MarkdownNode[] {
  // Several empty lines count as one, and next to a block of code there are none.
  const text = written
    .replace(/\n{3,}/g, "\n\n")
    .replace(/^(?:[ \t]*\n)+/, "")
    .trimEnd();
  if (text.trim() === "") return [];
  if (!MARKS.test(text)) return [{ kind: "paragraph", children: [{ kind: "text", text }] }];
  if (isHostile(text)) return [{ kind: "paragraph", children: words(text) }];
  const source = endQuotes(text);
  return piecesOf(fromMarkdown(source, reader), { source, depth: 0 });
}

/** Extracts blocks of code first, so that the parser never sees the marks in them. */
function read(text: string): MarkdownNode[] {
  const pieces: MarkdownNode[] = [];
  let end = 0;
  for (const match of text.matchAll(FENCED)) {
    const [, , info = "", code = ""] = match;
    pieces.push(...readWords(text.slice(end, match.index)), { kind: "block", text: code, language: codeLanguageOf(info) });
    end = match.index + match[0].length;
  }
  return [...pieces, ...readWords(text.slice(end))];
}

const known = new Map<string, MarkdownNode[]>();

/** Parses a message's text into nodes, cached by the text: emphasis, code, quotes, lists, links and mentions; everything else is text. */
export function markdownOf(text: string): readonly MarkdownNode[] {
  const cached = known.get(text);
  if (cached) return cached;
  const pieces = read(text);
  known.set(text, pieces);
  const oldest = known.keys().next().value;
  if (known.size > KEPT && oldest !== undefined) known.delete(oldest);
  return pieces;
}
