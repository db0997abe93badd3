import { describe, expect, it } from "vitest";
import { excerptAround } from "../../../services/search/excerpt.ts";
import { matchesIn } from "../../../services/search/highlight.ts";
import { textTokens } from "../../../services/search/index/index-tokens.ts";
import { indexKeys, termsOf } from "../../../services/search/query-terms.ts";
import { normalizeText, normalizeWord } from "../../../services/search/text/normalize.ts";
import { segmentsOf } from "../../../services/search/text/segments.ts";
import { limits } from "../../../utils/contract/limits.ts";
import { costlyTexts, ordinaryText } from "../../support/texts/costly-texts.ts";

const QUESTION = "w a b c d e f g h i j k l m n o p q r s t u v x 가다 食べる";

const functions: Readonly<Record<string, (text: string) => unknown>> = {
  normalizeText,
  normalizeWord,
  segmentsOf,
  textTokens: (text) => textTokens(text, ["en"]),
  "termsOf and indexKeys": (text) => indexKeys(termsOf(text)),
  placesIn: (text) => matchesIn(text, { terms: termsOf(QUESTION), languages: ["en"] }),
  excerptAround: (text) => excerptAround(text, [{ start: text.length - 2, end: text.length - 1 }]),
};

const ROUNDS = 12;

const durationOf = (work: () => unknown): number => {
  const startedAt = performance.now();
  work();
  return performance.now() - startedAt;
};

/** Below this, the clock and the garbage collector dominate the measurement. */
const LEAST_MS = 0.5;

/** Linear work differs by the kind of characters; quadratic work took 20 to 200 times as long. */
const MULTIPLE = 8;

/** Bounds the repetitions on a machine so busy that no round runs undisturbed. */
const MAX_REPETITIONS = 5;

/**
 * Returns how many times as long `one` takes as `other`, by the quickest run of each, which is the work itself on a machine that does
 * other things too. They alternate, so that a busy moment affects both; a ratio over the limit is measured again.
 */
function costRatio(one: () => unknown, other: () => unknown): number {
  let oneMs = Number.POSITIVE_INFINITY;
  let otherMs = Number.POSITIVE_INFINITY;
  for (let repetition = 0; repetition < MAX_REPETITIONS; repetition += 1) {
    for (let round = 0; round < ROUNDS; round += 1) {
      oneMs = Math.min(oneMs, durationOf(one));
      otherMs = Math.min(otherMs, durationOf(other));
    }
    if (oneMs / Math.max(LEAST_MS, otherMs) < MULTIPLE) break;
  }
  return oneMs / Math.max(LEAST_MS, otherMs);
}

describe.each(Object.entries(functions))("the cost of %s", (_, work) => {
  it.each(Object.entries(costlyTexts))("is a small multiple of the cost of ordinary text of the same length for %s", (kind, text) => {
    const ordinary = ordinaryText(text.length, kind === "Korean vowels" ? "Korean" : "Latin");
    const ratio = costRatio(
      () => work(text),
      () => work(ordinary),
    );
    expect(ratio).toBeLessThan(MULTIPLE);
  });
});

describe("searching a text that exceeds the bounds of the search", () => {
  const places = (q: string, text: string) => matchesIn(text, { terms: termsOf(q), languages: ["en"] });

  it("finds a character under thousands of marks, and includes the marks in the match", () => {
    const text = `before a${"\u0300".repeat(7_000)} behind`;
    expect(places("a", text)).toEqual([{ start: 7, end: 7_008 }]);
    expect(places("behind", text)).toEqual([{ start: 7_009, end: 7_015 }]);
  });

  it("finds words up to the end of the longest allowed message", () => {
    const ends = " zebra";
    const longest = ordinaryText(limits.textUnits - ends.length) + ends;
    const accented = `${"e\u0301\u0323 ".repeat((limits.textGraphemes - 10) / 2)}zebra`;
    for (const text of [longest, accented, `${"मुझे हिंदी ".repeat(500)}zebra`, `${"👨‍👩‍👧‍👦".repeat(1_400)} zebra`])
      expect(places("zebra", text)).toEqual([{ start: text.length - 5, end: text.length }]);
  });

  it("shows the first match in the excerpt, also after a character with thousands of marks", () => {
    const text = `a${"\u0300".repeat(7_000)} needle ${"x ".repeat(500)}`;
    const { excerpt, highlights } = excerptAround(text, places("needle", text) ?? []);
    expect(highlights.map(({ start, end }) => excerpt.slice(start, end))).toEqual(["needle"]);
    expect(excerpt.length).toBeLessThanOrEqual(limits.searchExcerptUnits + 2);
  });

  it("returns a well-formed excerpt of one endless emoji", () => {
    const { excerpt } = excerptAround("👨‍👩‍👧".concat("\u200d👧".repeat(4_000)), []);
    expect(excerpt.isWellFormed()).toBe(true);
  });
});
