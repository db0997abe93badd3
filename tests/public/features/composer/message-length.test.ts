import { describe, expect, it } from "vitest";
import { lengthLeft } from "../../../../public/src/features/composer/message-length.ts";
import { checkedText } from "../../../../services/messages/text/text-rules.ts";
import { limits } from "../../../../utils/contract/limits.ts";

const FAMILY = "👨‍👩‍👧‍👦";

const isAccepted = (text: string): boolean => {
  try {
    return checkedText(text) === text && JSON.stringify({ text }).length <= limits.bodyBytes;
  } catch {
    return false;
  }
};

describe("message length counter", () => {
  it("is hidden while more than 200 characters are left", () => {
    expect([lengthLeft("short"), lengthLeft("a".repeat(3_799))]).toEqual([null, null]);
    expect(lengthLeft("a".repeat(3_800))).toEqual({ kind: "characters", left: 200 });
  });

  it.each([
    ["letters", "a".repeat(4_012), { kind: "characters", left: -12 }],
    ["simple emoji", "😀".repeat(4_012), { kind: "characters", left: -12 }],
    ["Japanese", "日".repeat(3_990), { kind: "characters", left: 10 }],
    ["families of four", FAMILY.repeat(1_400), { kind: "emoji", left: 54 }],
    ["too many families of four", FAMILY.repeat(3_850), { kind: "emoji", left: -2_398 }],
  ])("counts %s", (_what, text, expected) => {
    expect(lengthLeft(text)).toEqual(expected);
  });

  it.each(["a", "日", "😀", FAMILY, "🇩🇪", "e\u0301", '"'])("agrees with the server at the limit: %s", (unit) => {
    const fits = (count: number): boolean => (lengthLeft(unit.repeat(count))?.left ?? 0) >= 0;
    for (const count of [1_400, 1_454, 1_455, 1_500, 3_999, 4_000, 4_001, 4_100])
      expect([unit, count, fits(count)]).toEqual([unit, count, isAccepted(unit.repeat(count))]);
  });

  it("includes the encoded size of the request", () => {
    const controls = "\u0001".repeat(15_000);
    expect(lengthLeft(controls)?.left).toBeLessThan(0);
  });
});
