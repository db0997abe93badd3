import { describe, expect, it } from "vitest";
import { fingerprintOf, isNearCopy } from "../../../services/automod/text-similarity.ts";

const near = (one: string, other: string): boolean => isNearCopy(fingerprintOf(one), fingerprintOf(other));

describe("comparing texts", () => {
  it.each([
    ["Earn money from home, write to me now", "now earn money, write to me from home"],
    ["Earn money from home, write to me now", "EARN  M0NEY from h0me, wr1te to me n0w!!"],
    [
      "今日だけの特別なお知らせです。今すぐ登録して現金をもらいましょう",
      "こんにちは。今日だけの特別なお知らせです。今すぐ登録して現金をもらいましょう",
    ],
    ["Зарабатывай деньги дома, напиши мне прямо сейчас", "Привет! Зарабатывай деньги дома, напиши мне прямо сейчас 7"],
  ])("detects %s and %s as near-duplicates", (one, other) => {
    expect(near(one, other)).toBe(true);
  });

  it.each([
    ["How was the concert?", "How was the play?"],
    ["Thank you for the lovely evening, the soup was great", "Could you send me the address of the school tomorrow?"],
    ["hi", "hello"],
    ["😀", "🎉"],
    ["12", "13"],
  ])("distinguishes %s from %s", (one, other) => {
    expect(near(one, other)).toBe(false);
  });

  it("takes about as long for a hostile text of 16,000 units as for a plain one of 1,000", () => {
    const cost = (text: string): number =>
      Math.min(
        ...Array.from({ length: 7 }, () => {
          const startedAt = performance.now();
          fingerprintOf(text);
          return performance.now() - startedAt;
        }),
      );
    const plain = cost("Some plain words that anybody might write to somebody else. ".repeat(17));
    const marks = `a${"\u0300".repeat(7_990)}${"\u0316".repeat(7_990)}`;
    for (const text of [marks, ...["Ⅲ", "⑳", "\ufdfa", "a1 ", "@a.", "lo1-", "a@"].map((part) => part.repeat(16_000 / part.length))])
      expect(cost(text)).toBeLessThan(15 * plain);
  });
});
