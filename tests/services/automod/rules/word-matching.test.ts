import { describe, expect, it } from "vitest";
import { messageTextOf } from "../../../../services/automod/rules/message-text.ts";
import type { Rule } from "../../../../services/automod/rules/rule.ts";
import { createRuleSet } from "../../../../services/automod/rules/rule-set.ts";
import { PHRASE_LETTERS, phraseOf } from "../../../../services/automod/rules/text/phrases.ts";

const rule = (pattern: string): Rule =>
  ({
    ...{ id: pattern, kind: "word", pattern, threshold: null, windowMs: null, scope: { kind: "site", id: null } },
    ...{ outcome: "flag", silenceMs: null, exemptRoles: [], message: null },
  }) as Rule;

/** Returns the patterns that match a text. */
const matches = (patterns: readonly string[], text: string): string[] =>
  createRuleSet(patterns.map(rule))
    .matching(messageTextOf(text, 0))
    .map(({ id }) => id);
const isFound = (pattern: string, text: string): boolean => matches([pattern], text).length > 0;

describe("matching words", () => {
  it.each([
    ["in any case", "free money", "get FREE Money now"],
    ["with any spaces between words", "free money", "free \n money"],
    ["without spaces between words", "free money", "freemoney"],
    ["with punctuation around", "casino", "(casino)!"],
    ["beside digits", "casino", "casino24"],
    ["with spaces between all letters", "free money", "f r e e   m o n e y"],
    ["with spaces between all letters, and other spelled words around", "free money", "g e t f r e e m o n e y n o w"],
    ["with dots and hyphens", "free money", "f.r.e.e mo-ney"],
    ["with stretched letters", "free money", "freee moneyyyy"],
    ["with digits for letters", "free money", "fr33 m0n3y"],
    ["with symbols for letters", "idiot", "!d!ot"],
    ["with letters of another alphabet", "free money", "frее mоnеу"],
    ["with invisible characters", "casino", "ca\u200bsi\u2060no"],
    ["with marks on letters", "casino", "c\u0336a\u0336s\u0336i\u0336n\u0336o\u0336"],
    ["in full-width letters", "casino", "ＣＡＳＩＮＯ"],
    ["in mathematical letters", "casino", "𝓬𝓪𝓼𝓲𝓷𝓸"],
    ["in squared letters", "casino", "🅲🅰🆂🅸🅽🅾"],
    ["with a capital I for an l", "viagra", "VlAGRA"],
    ["without the accents of the phrase, if it is long", "dinero rápido", "dinero rapido"],
    ["with ss for ß", "straße", "STRASSE"],
    ["with Arabic vowel signs and stretched lines", "مجاني", "مَـجـانـي"],
    ["inside Chinese text without spaces", "免费赚钱", "我想免费赚钱啊"],
    ["inside Thai text without spaces", "พนัน", "เว็บพนันออนไลน์"],
    ["before a Korean particle", "도박", "도박을 합니다"],
    ["with any ending, after *", "free*", "freedom"],
    ["with any ending, after * and a stretched letter", "free*", "freeeeing"],
  ])("finds a phrase %s", (_how, pattern, text) => {
    expect(isFound(pattern, text)).toBe(true);
  });

  it.each([
    ["inside a longer word", "ass", "class assassin"],
    ["at the beginning of a longer word", "free", "freedom"],
    ["at the end of a longer word", "deal", "ideal"],
    ["in a part of a spelled word", "sex", "e s s e x"],
    ["in the ends of two words", "penis", "the pen is here"],
    ["in a word with an apostrophe", "hell", "he'll come"],
    ["in a word with a doubled letter", "god", "good"],
    ["in another word of the same shape", "fail", "fall"],
    ["in a word of another alphabet that looks the same", "pot", "рот"],
    ["in another word of the same alphabet with similar letters", "колоть", "копоть"],
    ["in a short word with an accent", "ano", "feliz año"],
    ["in a short word without its accents", "lồn", "cái lon"],
    ["in a number", "a20", "page 420"],
    ["across a Chinese full stop", "免费", "不免。费用"],
    ["with another word between", "free money", "free the money"],
    ["in another order", "free money", "money free"],
  ])("does not find a phrase %s", (_how, pattern, text) => {
    expect(isFound(pattern, text)).toBe(false);
  });

  it("finds all rules that match, in their order, with several phrases per rule", () => {
    expect(matches(["casino\nviagra", "nothing", "free*", "money"], "viagra: free for money")).toEqual([
      "casino\nviagra",
      "free*",
      "money",
    ]);
  });

  it("finds a phrase after many that nearly match", () => {
    expect(isFound("free money", `${"free m0ne ".repeat(300)} free money`)).toBe(true);
  });

  it("rejects phrases without letters, and longer than the limit", () => {
    expect(phraseOf(" *** ", 0)).toBeNull();
    expect(phraseOf("ab".repeat(PHRASE_LETTERS / 2), 0)?.size).toBe(PHRASE_LETTERS);
    expect(phraseOf(`${"ab".repeat(PHRASE_LETTERS / 2)}c`, 0)).toBeNull();
  });
});
