import { describe, expect, it } from "vitest";
import { createMessageCounters } from "../../../../services/automod/rules/message-counters.ts";
import { type MessageText, messageTextOf } from "../../../../services/automod/rules/message-text.ts";
import type { Rule } from "../../../../services/automod/rules/rule.ts";
import { createRuleSet } from "../../../../services/automod/rules/rule-set.ts";
import { generators, growingOn } from "../../../support/texts/growth.ts";
import { twoHundredRules } from "../../../support/texts/many-rules.ts";

const TEXTS = 10_000;

const content = twoHundredRules();
const rules = createRuleSet(content);
const repeat = createMessageCounters(() => new Date(0));

/** Passes a text through every kind of rule. @returns the rules that match it */
function check(text: MessageText): Rule[] {
  repeat.exceeds(text.hash(), { threshold: 3, windowMs: 1_000 });
  return rules.matching(text);
}

describe("rules on texts made to be slow", () => {
  it("find a phrase, a pattern and a host after each of 10,000 such texts", () => {
    let tested = 0;
    const missed: string[] = [];
    for (let round = 0; tested < TEXTS; round += 1)
      for (const generator of generators) {
        const found = check(messageTextOf(`${generator.text(16 + round * 3)}\n free money, tele gram: telegram: @x evil3.example`, 0));
        if (new Set(found.map(({ kind }) => kind)).size < 3) missed.push(`${generator.name}, ${round}`);
        tested += 1;
      }
    expect(missed).toEqual([]);
  });

  it("take time proportional to the length of the text, with 200 active rules", async () => {
    expect(await growingOn((text) => check(messageTextOf(text, 0)))).toEqual([]);
  });
});
