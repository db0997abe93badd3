import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countGraphemes, exceedsGraphemes, firstGraphemes } from "../../../utils/text/graphemes.ts";

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });
const segmentsOf = (text: string): number => [...segmenter.segment(text)].length;

/** Han, Tangut, Hangul syllables, private use and unassigned code points behave alike within their blocks; one of 97 represents them. */
const ALIKE = /^[\p{Script=Han}\p{Script=Tangut}\p{Co}\p{Cn}\uac00-\ud7a3]$/u;

const isLeftOut = (code: number): boolean => code % 97 !== 0 && ALIKE.test(String.fromCodePoint(code));

describe("counting graphemes", () => {
  it("agrees with Intl.Segmenter on every kind of code point next to every other kind", () => {
    const neighbours = ["a", "👩", "\u1100", "\u1161", "\uac00", "\u0915", "\u094d", "\u{1f1e6}", "\u200d", "\r", "\n", "\u0600"];
    const wrong: string[] = [];
    for (let code = 0; code <= 0x10ffff; code += 1) {
      if (isLeftOut(code)) continue;
      const character = String.fromCodePoint(code);
      const text = neighbours.map((other) => `x${other}${character}${other}`).join("y") + character;
      if (countGraphemes(text) !== segmentsOf(text)) wrong.push(code.toString(16));
    }
    expect(wrong).toEqual([]);
  });

  it("agrees with Intl.Segmenter on random texts", () => {
    const unit = fc.constantFrom(
      ..."aé日🔥👍🏽\u0301\u094d\u0915\u200d\u1100\u1161\u11a8각\r\n\ud800\u{1f1e6}\u0e33\ufe0f",
      "👩‍💻",
      "🇩🇪",
      "1️⃣",
    );
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 30 }), (text) => countGraphemes(text) === segmentsOf(text)),
      { numRuns: 3_000 },
    );
  });

  it("agrees with Intl.Segmenter wherever a window of a long text ends", () => {
    for (const unit of ["👍🏽", "🇩🇪", "👨‍👩‍👧‍👦", "e\u0301", "\r\n", "\u1112\u1161\u11ab", "क्ष", `z${"\u0335".repeat(300)}`])
      for (const before of ["", "a\u0301", "ab\u0301", "🔥\ufe0f"]) {
        const text = before + unit.repeat(300);
        expect(countGraphemes(text)).toBe(segmentsOf(text));
        expect(firstGraphemes(text, 101)).toBe(
          `${[...segmenter.segment(text)]
            .slice(0, 101)
            .map(({ segment }) => segment)
            .join("")}…`,
        );
      }
  });

  it("stops above the requested maximum", () => {
    expect(countGraphemes("🇩🇪".repeat(4_000), 10)).toBe(11);
    expect([exceedsGraphemes("👨‍👩‍👧‍👦".repeat(10), 10), exceedsGraphemes("👨‍👩‍👧‍👦".repeat(11), 10)]).toEqual([false, true]);
    expect([exceedsGraphemes("\r\n".repeat(10), 10), exceedsGraphemes("\r\n".repeat(11), 10)]).toEqual([false, true]);
  });
});

it("an excerpt: is cut between graphemes, with an ellipsis only if text was cut off", () => {
  expect(firstGraphemes("ab👨‍👩‍👧‍👦cd", 3)).toBe("ab👨‍👩‍👧‍👦…");
  expect(firstGraphemes("ab👨‍👩‍👧‍👦", 3)).toBe("ab👨‍👩‍👧‍👦");
  expect(firstGraphemes("🔥🔥🔥", 2)).toBe("🔥🔥…");
});
