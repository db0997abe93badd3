import type { Link, List, Nodes, Parents, RootContent } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmAutolinkLiteralFromMarkdown } from "mdast-util-gfm-autolink-literal";
import { gfmStrikethroughFromMarkdown } from "mdast-util-gfm-strikethrough";
import { gfmAutolinkLiteral } from "micromark-extension-gfm-autolink-literal";
import { gfmStrikethrough } from "micromark-extension-gfm-strikethrough";
import { type CodeLanguage, codeLanguageOf } from "../../code/languages.ts";
import { hostLabel, shortened, targetOf, trimmed } from "./links.ts";
import { type Named, peopleIn } from "./people-in-text.ts";

/** What a message may be made of. There is no kind for markup of its author's own: it stays words. */
export type MarkdownNode =
  | { kind: "text"; text: string }
  | { kind: "person"; named: Named }
  | { kind: "code"; text: string }
  | { kind: "block"; text: string; language: CodeLanguage | null }
  | { kind: "emphasis" | "strong" | "struck" | "quote" | "item" | "paragraph"; children: MarkdownNode[] }
  | { kind: "list"; start: number | null; children: MarkdownNode[] }
  | { kind: "link"; href: string; isAddress: boolean; host: string | null; children: MarkdownNode[] };

/** Deeper than this nothing is nested: it is shown as it was written. */
const DEEPEST = 6;
const KEPT = 400;

/**
 * Constructs that no message has; what would be one is words. As in Slack and Discord this is the formatting of a chat, not of a document:
 * emphasis (`*x*`, `_x_`), bold (`**x**` and, as Markdown has it, `__x__`), `~~x~~`, code, quotes, lists, links and people. Headings,
 * tables, rules and HTML stay as they were typed: a "#" at the start of a line is more often a channel, a number or a tag than a heading.
 */
const absent = "htmlFlow,htmlText,headingAtx,setextUnderline,definition,thematicBreak,codeIndented,characterReference".split(",");

const reader = {
  extensions: [gfmAutolinkLiteral(), gfmStrikethrough({ singleTilde: false }), { disable: { null: absent } }],
  // The tokens say it all: no second search through the finished tree.
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

/** An address written out in the text, without the sentence's punctuation at its end. */
function addressOf(written: string, url: string): MarkdownNode[] | null {
  const address = trimmed(written);
  const target = targetOf(url.endsWith(written) ? url.slice(0, url.length - written.length) + address : url);
  if (!target) return null;
  const link: MarkdownNode = {
    ...{ kind: "link", href: target.href, isAddress: true, host: hostLabel(address, target) },
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

/** One node of the tree. What has no place in a message is shown as it was written. */
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

/** A quoted line ends with its line: what follows is the author's own again. */
const endQuotes = (text: string): string => text.replace(/^( {0,3}>.*)\n(?! {0,3}>)(?=.*\S)/gm, "$1\n\n");

/** Whether there may be anything but words in it. Most messages are spared the parser. */
const MARKS = /[*_~`[\]\\<>@]|^[ \t]*(?:[-+]|\d+[.)])\s|:\/\/|www\./im;
const MARK = /[*_~`[\]\\<>@]|:\/\/|www\.|^[ \t]*(?:[-+]|\d+[.)])\s/gim;
/** Boxes within boxes, deeper than anybody means. */
const NESTED = /^[ \t]*(?:(?:[->*+]|\d+[.)])[ \t]*){7}|^[ \t]{20,}(?:[->*+]|\d+[.)])/m;
/** A parser's time grows with the square of these: beyond so many a text is shown as it was written. */
const MOST_MARKS = 300;

/** Punctuation that may end an address: from each one the parser looks to the end of the row. */
const LONG_ENDING = /[!"'()*,.:;<?\]_~&]{100}/;

const isHostile = (text: string): boolean => NESTED.test(text) || LONG_ENDING.test(text) || (text.match(MARK)?.length ?? 0) > MOST_MARKS;

const FENCED = /^(`{3,})([^`\n]*)\n([\s\S]*?)(?:\n\1`*[ \t]*$|$(?![\s\S]))/gm;

function readWords(written: string): MarkdownNode[] {
  // One empty line is as good as a thousand, and beside a block of code there is none.
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

/** Blocks of code are taken out first: whatever marks they are full of, the parser has nothing to do with them. */
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

/** A message's text as pieces, remembered by the text: emphasis, code, quotes, lists, links and people; all else is words. */
export function markdownOf(text: string): readonly MarkdownNode[] {
  const held = known.get(text);
  if (held) return held;
  const pieces = read(text);
  known.set(text, pieces);
  const oldest = known.keys().next().value;
  if (known.size > KEPT && oldest !== undefined) known.delete(oldest);
  return pieces;
}
