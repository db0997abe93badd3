import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { excerptAround } from "../../../../services/search/excerpt.ts";
import { matchesIn } from "../../../../services/search/highlight.ts";
import { textTokens } from "../../../../services/search/index/index-tokens.ts";
import { blockTokens, MIN_WINDOW_MS, windowBefore } from "../../../../services/search/index/time-buckets.ts";
import { indexKeys, termsOf } from "../../../../services/search/query-terms.ts";
import { normalizeText } from "../../../../services/search/text/normalize.ts";
import { limits } from "../../../../utils/contract/limits.ts";

/** Returns the parts of a text that match a query, or null if it does not match. */
function parts(q: string, text: string, languages: string[] = ["en"]): string[] | null {
  const places = matchesIn(text, { terms: termsOf(q), languages });
  return places === null ? null : places.map(({ start, end }) => text.slice(start, end));
}

const isIndexed = (q: string, text: string, languages: string[]): boolean => {
  const tokens = new Set(textTokens(text, languages));
  return indexKeys(termsOf(q)).every((key) => key.some((token) => tokens.has(token)));
};

describe("matching a query against a text", () => {
  it.each<[q: string, text: string, found: string[] | null, languages?: string[]]>([
    ["CAFE", "un cafe\u0301 noir", ["cafe\u0301"], ["fr"]],
    ["cafe", "ＣＡＦＥ", ["ＣＡＦＥ"]],
    ["fine", "ﬁne", ["ﬁne"]],
    ["strasse", "Die STRAẞE", ["STRAẞE"], ["de"]],
    ["istanbul", "İSTANBUL", ["İSTANBUL"], ["tr"]],
    ["οδος", "ΟΔΟΣ", ["ΟΔΟΣ"], ["el"]],
    ["lodz", "Łódź", ["Łódź"]],
    ["كتاب", "كِتَــاب", ["كِتَــاب"], ["ar"]],
    ["احمد", "أحمد", ["أحمد"], ["ar"]],
    ["שלום", "שָׁלוֹם", ["שָׁלוֹם"], ["he"]],
    ["हिंदी", "मुझे हिंदी आती है", ["हिंदी"], ["hi"]],
    ["हिद", "मुझे हिंदी आती है", null, ["hi"]],
    ["2026", "year ٢٠٢٦", ["٢٠٢٦"]],
    ["ｶﾞｽ", "ガスと水", ["ガス"], ["ja"]],
    ["ガス", "ｶﾞｽと水", ["ｶﾞｽ"], ["ja"]],
    ["한글", "한글".normalize("NFD"), ["한글".normalize("NFD")], ["ko"]],
    ["水", "地下水道", ["水"], ["ja"]],
    ["下道", "地下水道", null, ["ja"]],
    ["水道 地下", "地下水道", ["地下水道"], ["ja"]],
    ["🎉", "yes 🎉", ["🎉"]],
    ["👍", "👍🏽", ["👍"]],
    ["🇩🇪", "🇩🇪🇫🇷", ["🇩🇪"]],
    ["run", "He runs. RUNNING!", ["runs", "RUNNING"]],
    ["sing", "das Singing", null, ["de"]],
    ["ann", "hello <@01890a5d-ac96-774b-bcce-b302099a8057>", null],
    ["01890a5d", "hello <@01890a5d-ac96-774b-bcce-b302099a8057>", null],
    ["one two", "two three", null],
  ])("%s in %s", (q, text, found, languages = ["en"]) => {
    expect(parts(q, text, languages)).toEqual(found);
    if (found !== null) expect(isIndexed(q, text, languages)).toBe(true);
  });

  it("every term of a text matches it, by the index and by the matcher", () => {
    const word = fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(word, word, word, (before, middle, after) => {
        const text = `${before} ${middle} ${after}`;
        if (termsOf(middle).length === 0) return;
        expect(parts(middle, text)).not.toBeNull();
        expect(isIndexed(middle, text, ["en"])).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it("maps positions of the normalized text back to the original", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        const { text: folded, starts, ends } = normalizeText(text);
        expect([starts.length, ends.length]).toEqual([folded.length, folded.length]);
        for (const [unit, start] of starts.entries()) expect(start).toBeLessThan(ends[unit] ?? 0);
        expect(ends.at(-1) ?? 0).toBeLessThanOrEqual(text.length);
      }),
    );
  });
});

describe("the excerpt of a search result", () => {
  it("is the whole of a short text", () => {
    expect(excerptAround("short", [{ start: 0, end: 5 }])).toEqual({ excerpt: "short", highlights: [{ start: 0, end: 5 }] });
  });

  it("shows the first match of a long text, cuts no character, and keeps the match positions correct", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom("👨‍👩‍👧", "e\u0301", "x", " ", "漢"), { maxLength: 400 }), fc.nat(400), (filler, at) => {
        const text = [...filler.slice(0, at), " needle ", ...filler.slice(at)].join("");
        const places = matchesIn(text, { terms: termsOf("needle"), languages: ["en"] }) ?? [];
        const { excerpt, highlights } = excerptAround(text, places);
        expect(excerpt.isWellFormed()).toBe(true);
        expect(excerpt.length).toBeLessThanOrEqual(limits.searchExcerptUnits + 20);
        expect(highlights.map(({ start, end }) => excerpt.slice(start, end))).toEqual(places.length > 0 ? ["needle"] : []);
      }),
    );
  });
});

describe("a time window of the index", () => {
  it("covers its moments with one of their tokens, whatever its length", () => {
    const now = Date.UTC(2026, 10, 21);
    fc.assert(
      fc.property(fc.nat(now), fc.integer({ min: 1, max: 10 ** 12 }), fc.double({ min: 0, max: 1, noNaN: true }), (ms, wanted, share) => {
        const { fromMs, tokens } = windowBefore(ms, wanted);
        expect(fromMs).toBeLessThanOrEqual(Math.max(0, ms - Math.min(wanted, MIN_WINDOW_MS)) + MIN_WINDOW_MS);
        const within = Math.floor(fromMs + (ms - fromMs) * share);
        expect(blockTokens(within).some((token) => tokens.includes(token))).toBe(true);
        expect(fromMs === 0 || !blockTokens(fromMs - 1).some((token) => tokens.includes(token))).toBe(true);
        expect(tokens.length).toBeLessThanOrEqual(10);
      }),
    );
  });
});
