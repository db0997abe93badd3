import { describe, expect, it } from "vitest";
import {
  creationOf,
  fieldsOf,
  missingIn,
  newRule,
  type RuleDraft,
  ruleKinds,
} from "../../../../public/src/features/moderation/rules/rule-draft.ts";
import { createRuleInput, ruleKinds as kindsOfServer, testRuleInput } from "../../../../utils/contract/schemas/moderation/rules.ts";

const draft = (over: Partial<RuleDraft>): RuleDraft => ({ ...newRule({ kind: "site", id: null }), pattern: "free money", ...over });

describe("draft of a rule", () => {
  it("covers every kind of rule", () => {
    expect([...ruleKinds].sort()).toEqual([...kindsOfServer].sort());
  });

  it.each(ruleKinds)("becomes a request that the server accepts, with only the fields of its kind: %s", (kind) => {
    const rule = draft({ kind, outcome: "silence" });
    expect(missingIn(rule)).toBeNull();
    expect(createRuleInput.safeParse(creationOf(rule)).error).toBeUndefined();
    expect(testRuleInput.safeParse({ rule: fieldsOf(rule) }).error).toBeUndefined();
    const { pattern, threshold } = fieldsOf(rule);
    expect([pattern === null, threshold === null].filter(Boolean)).toHaveLength(1);
  });

  it("has a duration of the mute only if its outcome is a mute", () => {
    expect(fieldsOf(draft({ outcome: "hold" })).silenceMs).toBeNull();
    expect(fieldsOf(draft({ outcome: "silence" })).silenceMs).toBe(600_000);
  });

  it.each([
    ["words", draft({ pattern: " \n " }), "pattern"],
    ["links, which match all of them", draft({ kind: "link", pattern: "" }), null],
    ["a number", draft({ kind: "flood", threshold: "" }), "threshold"],
    ["a whole number", draft({ kind: "flood", threshold: "2.5" }), "threshold"],
    ["a number in the range", draft({ kind: "flood", threshold: "1001" }), "threshold"],
  ])("reports missing %s", (_name, rule, expected) => {
    expect(missingIn(rule)).toBe(expected);
  });
});
