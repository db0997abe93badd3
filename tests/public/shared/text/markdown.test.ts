import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hostLabel, shortened, targetOf } from "../../../../public/src/shared/text/links.ts";
import { type MarkdownNode, markdownOf } from "../../../../public/src/shared/text/markdown.ts";
import { hostileTexts } from "../../../support/texts/hostile-texts.ts";

/** Formats a parsed text as a compact string. */
const shape = (pieces: readonly MarkdownNode[]): string =>
  pieces
    .map((piece) => {
      if (piece.kind === "text") return piece.text;
      if (piece.kind === "person") return `{${piece.named.written}}`;
      if ("text" in piece) return `<${piece.kind}>${piece.text}</${piece.kind}>`;
      const name =
        piece.kind === "link" ? `link ${piece.href}` : piece.kind === "list" && piece.start !== null ? `list ${piece.start}` : piece.kind;
      return `<${name}>${shape(piece.children)}</${piece.kind}>`;
    })
    .join("");

const inParagraph = (text: string): string => shape(markdownOf(text)).replace(/^<paragraph>|<\/paragraph>$/g, "");

const every = (pieces: readonly MarkdownNode[]): MarkdownNode[] =>
  pieces.flatMap((piece) => [piece, ...("children" in piece ? every(piece.children) : [])]);
const hrefs = (text: string): string[] => every(markdownOf(text)).flatMap((piece) => (piece.kind === "link" ? [piece.href] : []));
const said = (pieces: readonly MarkdownNode[]): string =>
  every(pieces)
    .map((piece) => ("text" in piece ? piece.text : ""))
    .join("");

const kinds = new Set(["text", "person", "code", "block", "emphasis", "strong", "struck", "quote", "item", "paragraph", "list", "link"]);

function expectSafe(text: string): void {
  for (const piece of every(markdownOf(text))) {
    expect(kinds).toContain(piece.kind);
    if (piece.kind === "link") expect(new URL(piece.href).protocol).toMatch(/^(https?|mailto):$/);
  }
}

describe("parsing Markdown", () => {
  it.each([
    ["plain words", "plain words"],
    ["a line\nand another\n\nand a third", "a line\nand another\n\nand a third"],
    ["*a* **b** ~~c~~ `d`", "<emphasis>a</emphasis> <strong>b</strong> <struck>c</struck> <code>d</code>"],
    ["2 * 3 * 4, snake_case_words, a ~ b", "2 * 3 * 4, snake_case_words, a ~ b"],
    ["\\*not so\\*", "*not so*"],
    ["# a heading\nand ---\n***", "# a heading\nand ---\n***"],
    ["    far in", "    far in"],
    ["&amp; &lt;b&gt;", "&amp; &lt;b&gt;"],
    ["| a | b |\n|---|---|\n| 1 | 2 |", "| a | b |\n|---|---|\n| 1 | 2 |"],
    ["![a cat](https://example.org/cat.png)", "![a cat](https://example.org/cat.png)"],
    ["hi @mina and <@0190b6a0-0000-7000-8000-00000000000a>.", "hi {@mina} and {<@0190b6a0-0000-7000-8000-00000000000a>}."],
    ["`@mina` mail@example.org", "<code>@mina</code> <link mailto:mail@example.org>mail@example.org</link>"],
  ])("%j is rendered as intended", (text, expected) => {
    expect(inParagraph(text)).toBe(expected);
  });

  it("supports blocks: quotes that end with their line, lists, code", () => {
    expect(shape(markdownOf("> theirs\nmine"))).toBe("<quote><paragraph>theirs</paragraph></quote><paragraph>mine</paragraph>");
    expect(shape(markdownOf("3. c\n4. d"))).toBe(
      "<list 3><item><paragraph>c</paragraph></item><item><paragraph>d</paragraph></item></list>",
    );
    expect(shape(markdownOf("look:\n```ts\nif (a < b) *x*\n```\ngood"))).toBe(
      "<paragraph>look:</paragraph><block>if (a < b) *x*</block><paragraph>good</paragraph>",
    );
  });

  it("caches the result by text", () => {
    expect(markdownOf("*the same*")).toBe(markdownOf("*the same*"));
  });
});

describe("parsing a link", () => {
  it("leaves out the punctuation of the sentence", () => {
    expect(hrefs("See https://example.org/a, and (http://example.com/b).")).toEqual(["https://example.org/a", "http://example.com/b"]);
    expect(hrefs("https://en.wikipedia.org/wiki/Chat_(disambiguation)!")).toEqual(["https://en.wikipedia.org/wiki/Chat_(disambiguation)"]);
    expect(hrefs("「https://example.jp/」。")).toEqual(["https://example.jp/"]);
  });

  it("shows the real host if the link text suggests another one", () => {
    const host = (words: string, href: string): string | null => {
      const target = targetOf(href);
      return target && hostLabel(words, target);
    };
    expect(host("paypal.com", "https://evil.example/")).toBe("evil.example");
    expect(host("https://paypal.com/login", "https://paypal.com.evil.example/login")).toBe("paypal.com.evil.example");
    expect(host("https://google.com@evil.example/", "https://google.com@evil.example/")).toBe("evil.example");
    expect(host("https://аpple.com", "https://аpple.com")).toBe("xn--pple-43d.com");
    expect(host("pay\u200bpal.com", "https://evil.example/")).toBe("evil.example");
    expect(host("paypal。com", "https://evil.example/")).toBe("evil.example");
    expect(host("www.example.org/a", "https://example.org/a")).toBeNull();
    expect(host("read this", "https://example.org/a")).toBeNull();
    expect(host("boss@example.org", "mailto:thief@evil.example")).toBe("thief@evil.example");
  });

  it("shortens a long address in the middle, never its host", () => {
    const long = `https://example.org/${"a".repeat(300)}/end.html`;
    expect(shortened(long)).toMatch(/^https:\/\/example\.org\/a+….*end\.html$/);
    expect(shortened(long).length).toBeLessThan(70);
    const host = `https://${"sub.".repeat(30)}example.org/x/${"y".repeat(99)}`;
    expect(shortened(host)).toContain(`${"sub.".repeat(30)}example.org`);
  });
});

describe("parsing hostile text", () => {
  it.each(hostileTexts)("%j produces only text and safe web links", (text) => {
    expectSafe(text);
  });

  it("stays safe for random combinations of hostile parts", () => {
    const part = fc.oneof(
      fc.constantFrom(...hostileTexts),
      fc.constantFrom("*", "**", "~~", "`", "```\n", "> ", "- ", "[", "](", ")", "<", ">", "\n", "\\", "@", ":", "//"),
      fc.string({ unit: "grapheme", maxLength: 6 }),
    );
    const mutant = fc
      .array(fc.tuple(part, fc.nat(40)), { minLength: 1, maxLength: 6 })
      .map((parts) => parts.map(([text, cut]) => text.slice(cut % (text.length + 1)) + text.slice(0, cut % 3)).join(""));
    fc.assert(fc.property(mutant, expectSafe), { numRuns: 400 });
  });

  it("keeps all text: unsupported markup stays readable", () => {
    for (const text of ["<script>alert(1)</script>", "[x](javascript:alert(1))", "![x](https://evil.example/pixel.gif)", "<b>bold</b>"])
      expect(said(markdownOf(text))).toBe(text);
  });
});

describe("parsing a text crafted to exhaust the parser", () => {
  it.each([
    ">".repeat(16_000),
    "- ".repeat(8_000),
    "1. ".repeat(5_000),
    "[a](".repeat(4_000),
    "**a*".repeat(4_000),
    "*a_ ".repeat(4_000),
    "> a\n".repeat(4_000),
  ])("shows the text unchanged: %.8s…", (text) => {
    expect(every(markdownOf(text)).length).toBeLessThan(5);
  });
});
