import { describe, expect, it } from "vitest";
import { hasPiledMarks, normalizeBounded, truncateUnits } from "../../../utils/text/marks.ts";

describe("limiting consecutive combining marks", () => {
  it.each([
    ["Tibetan stacks", "བསྒྲུབས་ ཧཱུྃ༔ ཨོཾ་མ་ཎི་པདྨེ་ཧཱུྃ ཀྵྨླྺྲྱྃ"],
    ["Thai with tone marks", "ผู้ใหญ่ที่นี่ไม่รู้จักกัน น้ำปั่น"],
    ["Arabic with all vowel signs", "بِسْمِ ٱللَّهِ ٱلرَّحْمَٰنِ ٱلرَّحِيمِ"],
    ["Hebrew with points and accents", "בְּרֵאשִׁ֖ית בָּרָ֣א אֱלֹהִ֑ים אֵ֥ת הַשָּׁמַ֖יִם וְאֵ֥ת הָאָֽרֶץ"],
    ["decomposed Vietnamese", "Nguyễn Thị Ệ được những người".normalize("NFD")],
    ["Hindi, Burmese and Khmer", "क्षत्रियों निर्दिष्ट ကြွေးကြော်သံများ ព្រះរាជាណាចក្រកម្ពុជា"],
    ["decomposed Korean", "안녕하세요".normalize("NFD")],
    ["half-width Japanese", "ﾊﾞﾅﾅ ﾊﾟﾊﾟ"],
    ["emoji with selectors, joiners and skin tones", "👩🏽‍❤️‍💋‍👨🏿1️⃣🏳️‍🌈🏴󠁧󠁢󠁥󠁮󠁧󠁿"],
    ["16 marks on one letter", `a${"\u0300\u0316".repeat(8)}b`],
  ])("accepts %s", (_what, text) => {
    expect(hasPiledMarks(text)).toBe(false);
    expect(normalizeBounded(text, "NFKC", 1_000)).toBe(text.normalize("NFKC"));
  });

  it.each([
    ["17 marks on one letter", `a${"\u0300\u0316".repeat(8)}\u0301`],
    ["Tibetan marks without end", "ཀ".concat("\u0f71\u0f72\u0f74".repeat(6))],
    ["half-width voicing marks between others, which NFKC turns into marks", "ﾊ".concat("\uff9e\u0323".repeat(9))],
    ["enclosing marks and variation selectors", "x".concat("\u20dd\ufe0f".repeat(9))],
    ["marks at the beginning of a text", "\u0300".repeat(17)],
    ["marks beyond the basic plane", "\u{1d165}".repeat(17)],
  ])("rejects %s", (_what, text) => {
    expect(hasPiledMarks(text)).toBe(true);
    expect(hasPiledMarks(normalizeBounded(text, "NFD", 1_000))).toBe(false);
  });

  it("counts every character that normalizes to a leading combining mark", () => {
    const missed: string[] = [];
    for (let code = 0; code <= 0x10ffff; code += 1) {
      if (code >= 0xd800 && code <= 0xdfff) continue;
      const character = String.fromCodePoint(code);
      // Normalizing moves U+0334, of the lowest combining class, to the front of a run: before the character if all of it is marks.
      const isSorted = `x${character}\u0334`.normalize("NFKD") === `x\u0334${character.normalize("NFKD")}`;
      if (isSorted && !hasPiledMarks(character.repeat(17))) missed.push(code.toString(16));
    }
    expect(missed).toEqual([]);
  });
});

describe("bounded normalization", () => {
  it("cuts a text before and after normalization, and never inside a surrogate pair", () => {
    expect(normalizeBounded("\ufdfa".repeat(100), "NFKC", 50)).toHaveLength(50);
    expect(normalizeBounded("ab🔥", "NFC", 3)).toBe("ab");
    expect([truncateUnits("ab🔥", 3), truncateUnits("ab🔥", 4), truncateUnits("abc", 2)]).toEqual(["ab", "ab🔥", "ab"]);
  });

  it("keeps 16 marks of a longer run", () => {
    expect(normalizeBounded(`q${"\u0335".repeat(40)}z`, "NFD", 1_000)).toBe(`q${"\u0335".repeat(16)}z`);
  });
});
