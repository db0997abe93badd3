import { describe, expect, it } from "vitest";
import { createMessageCounters } from "../../../../services/automod/rules/message-counters.ts";
import { messageTextOf } from "../../../../services/automod/rules/message-text.ts";
import { hostRuleOf, hostsIn, isHostBlocked } from "../../../../services/automod/rules/text/hosts.ts";
import { createPatternMatcher, PATTERN_SIZE, patternError, sizeOfPattern } from "../../../../services/automod/rules/text/patterns.ts";
import { hasEnglishProfanity } from "../../../../services/automod/rules/text/word-lists.ts";
import { stoppedClock } from "../../../support/clock.ts";

describe("patterns of rules", () => {
  it("report the place of each pattern that matches, in any case", () => {
    const matcher = createPatternMatcher([
      { rule: 4, pattern: "^hello" },
      { rule: 7, pattern: "x\\d+" },
    ]);
    const matched = (text: string): number[] => {
      const found = new Set<number>();
      matcher.match([text], found);
      return [...found].sort();
    };
    expect(matched("HELLO x12")).toEqual([4, 7]);
    expect(matched("oh hello")).toEqual([]);
  });

  it("are limited in size: what backtracks elsewhere is allowed, what is large is not", () => {
    expect(patternError("^(a+)+$")).toBeNull();
    expect(sizeOfPattern("a{290}")).toBeLessThanOrEqual(PATTERN_SIZE);
    expect(patternError("a{290}")).toBeNull();
    for (const pattern of ["a{400}", "(a{1,30}b{1,30}){1,10}", "a{2000}", "(", "\\p{Nothing}", "(?=a)b\\1", "a*", "x".repeat(501)])
      expect(patternError(pattern), pattern).toMatch(/\w/);
  });
});

describe("hosts of rules", () => {
  const isBlocked = (lines: string[], text: string): boolean => {
    const rule = hostRuleOf(lines);
    if (rule === null) throw new Error("not a rule");
    return isHostBlocked(rule, hostsIn(text));
  };

  it.each([
    ["https://evil.example", true],
    ["https://sub.evil.example:8080/path?x", true],
    ["http://user:pass@evil.example/", true],
    ["http://evil.example@good.example/", true],
    ["http://good.example/evil.example", true],
    ["https://notevil.example", false],
    ["https://evil.example.good.example", false],
    ["www.evil.example", true],
    ["evil.example", true],
    ["see evil.example.", true],
    ["evil[.]example and evil (dot) example", true],
    ["mailto:me@evil.example", true],
    ["https://ok.evil.example/", false],
    ["evil example", false],
  ])("find in %s: %s", (text, expected) => {
    expect(isBlocked(["evil.example", "!ok.evil.example"], text)).toBe(expected);
  });

  it("compare international names in their ASCII form", () => {
    expect(isBlocked(["bücher.example"], "https://xn--bcher-kva.example/x")).toBe(true);
    expect(isBlocked(["xn--bcher-kva.example"], "https://bücher.example")).toBe(true);
  });

  it("block all links but the allowed ones if no host is listed", () => {
    expect(isBlocked(["!good.example"], "https://good.example")).toBe(false);
    expect(isBlocked(["!good.example"], "https://other.example")).toBe(true);
    expect(isBlocked(["!good.example"], "other.example")).toBe(false);
  });

  it("accept addresses and wildcards as lines, and no sentences", () => {
    expect([...(hostRuleOf(["https://www.evil.example/x", "*.bad.example"])?.blocked ?? [])]).toEqual(["evil.example", "bad.example"]);
    expect(hostRuleOf(["evil example"])).toBeNull();
    expect(hostRuleOf(["!"])).toBeNull();
  });
});

describe("counters of rules", () => {
  it("report a message beyond the threshold within the window, and none after it", () => {
    const { now, advance } = stoppedClock();
    const counters = createMessageCounters(now);
    const limit = { threshold: 2, windowMs: 1_000 };
    const count = () => counters.exceeds("a", limit);
    expect([count(), count(), count()]).toEqual([false, false, true]);
    expect(counters.exceeds("b", limit)).toBe(false);
    advance(999);
    expect(count()).toBe(true);
    advance(1_000);
    expect([count(), count(), count()]).toEqual([false, false, true]);
  });

  it("regard texts with the same letters as the same, and others not", () => {
    const hash = (text: string): string => messageTextOf(text, 0).hash();
    expect(new Set(["Join us!", "JOIN  US", "j.o.i.n us", "jоin us", "join\u200b us"].map(hash)).size).toBe(1);
    expect(new Set(["join us", "join them", "👍", "🎉", "👍👍"].map(hash)).size).toBe(5);
  });
});

describe("the built-in word list", () => {
  it("finds English profanity in compounds, but not in words that contain it by chance", () => {
    expect(hasEnglishProfanity("you motherfucker")).toBe(true);
    expect(hasEnglishProfanity("Scunthorpe, classes, analysis")).toBe(false);
  });
});
