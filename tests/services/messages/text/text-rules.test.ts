import { describe, expect, it } from "vitest";
import { checkedText } from "../../../../services/messages/text/text-rules.ts";
import { hasLink } from "../../../../utils/contract/text/links.ts";

const errorOf = (text: string): unknown => {
  try {
    return checkedText(text);
  } catch (error) {
    return error;
  }
};

describe("validating the text of a message", () => {
  it.each([
    ["17 combining marks in a row", `a${"\u0300".repeat(17)}`],
    ["one letter with 15,990 marks in alternating order", `w a${"\u0300".repeat(7_990)}${"\u0316".repeat(7_990)}`],
    ["Tibetan marks without end", `ཀ${"\u0f71\u0f74".repeat(2_500)}`],
  ])("rejects %s with invalid_input", (_what, text) => {
    expect(errorOf(text)).toMatchObject({
      code: "invalid_input",
      data: { errors: [{ path: "text", message: "must not have more than 16 combining marks in a row" }] },
    });
  });

  it("accepts 16 combining marks in a row", () => {
    const text = `a${"\u0300\u0316".repeat(8)} b`;
    expect(checkedText(text)).toBe(text);
  });

  it("accepts 4,000 graphemes of any kind, and not more", () => {
    for (const unit of ["a", "日", "🇩🇪", "👍🏽"]) {
      expect(checkedText(unit.repeat(4_000))).toHaveLength(unit.length * 4_000);
      expect(errorOf(unit.repeat(4_001))).toMatchObject({ code: "text_too_long" });
    }
    expect(errorOf("👨‍👩‍👧‍👦".repeat(1_455))).toMatchObject({ code: "text_too_long" });
  });

  it("rejects a text without visible characters", () => {
    for (const text of ["", " \n\t", "\u200b\u2060", "\u2800"]) expect(errorOf(text)).toMatchObject({ code: "text_empty" });
  });
});

it.each([
  ["see https://example.org", true],
  ["WWW.example.org", true],
  ["mailto:ann@example.org", true],
  ["www. and http: and mailto: alone", false],
  ["example.org", false],
])("a link in %j: %s", (text, isLink) => {
  expect(hasLink(text)).toBe(isLink);
});
