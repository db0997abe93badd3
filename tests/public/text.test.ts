import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { graphemesOf, isPictorial, piecesOf } from "../../public/src/parts/rich-text.ts";

const links = (text: string): string[] => piecesOf(text).flatMap((piece) => (piece.kind === "link" ? [piece.href] : []));

describe("web addresses in a message", () => {
  it("become links without the punctuation around them", () => {
    expect(links("See https://example.org/a, and (http://example.com/b).")).toEqual(["https://example.org/a", "http://example.com/b"]);
    expect(links("https://en.wikipedia.org/wiki/Chat_(disambiguation)!")).toEqual(["https://en.wikipedia.org/wiki/Chat_(disambiguation)"]);
    expect(links("「https://example.jp/」。")).toEqual(["https://example.jp/"]);
  });

  it("are http and https and nothing else", () => {
    for (const text of [
      "javascript:alert(1)",
      "data:text/html,<b>x",
      "JaVaScRiPt://https%0aalert(1)",
      "file:///etc/passwd",
      "ftp://example.org",
      "https://",
      "http:// example.org",
      "vbscript:msgbox",
    ]) {
      expect(links(text)).toEqual([]);
    }
  });

  it("never lose or add a letter, whatever is written", () => {
    const anything = fc
      .array(
        fc.oneof(
          fc.string({ unit: "grapheme" }),
          fc.constantFrom("https://", "http://a.b", "javascript:", "<", '"', "(", ")", ".", " ", "\n"),
        ),
      )
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(anything, (text) => {
        expect(
          piecesOf(text)
            .map((piece) => piece.text)
            .join(""),
        ).toBe(text);
        for (const href of links(text)) expect(href).toMatch(/^https?:\/\//);
      }),
    );
  });
});

describe("letters", () => {
  it("are counted as a reader counts them", () => {
    expect(graphemesOf("e\u0301")).toBe(1);
    expect(graphemesOf("👩‍👩‍👧🇧🇷")).toBe(2);
    expect(graphemesOf("नमस्ते")).toBeLessThan(6);
  });

  it("are shown large when they are one to three pictures and nothing else", () => {
    expect(["👋", "👋🎉", "❤️", "👩‍👩‍👧 🇧🇷"].map(isPictorial)).toEqual([true, true, true, true]);
    expect(["12", "hi 👋", "#", "", "👋👋👋👋"].map(isPictorial)).toEqual([false, false, false, false, false]);
  });
});
