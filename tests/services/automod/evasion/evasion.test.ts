import { describe, expect, it } from "vitest";
import { messageTextOf } from "../../../../services/automod/rules/message-text.ts";
import type { Rule } from "../../../../services/automod/rules/rule.ts";
import { createRuleSet } from "../../../../services/automod/rules/rule-set.ts";
import { cases, type EvasionCase, forbidden } from "./cases.ts";

const NEEDED_PRECISION = 0.95;
const NEEDED_RECALL = 0.9;

const ruleFor = (pattern: string): Rule => ({
  id: pattern,
  kind: "word",
  pattern,
  threshold: null,
  windowMs: null,
  scope: { kind: "site", id: null },
  outcome: "flag",
  silenceMs: null,
  exemptRoles: [],
  message: null,
});

const rules = createRuleSet(forbidden.map(ruleFor));
const foundIn = ({ text }: EvasionCase): string[] => rules.matching(messageTextOf(text, 0)).map(({ id }) => id);

const half = (isHeldOut: boolean) => cases.filter((one) => one.isHeldOut === isHeldOut);
const positivesOf = (list: readonly EvasionCase[]) => list.filter(({ phrase }) => phrase !== null);
const negativesOf = (list: readonly EvasionCase[]) => list.filter(({ phrase }) => phrase === null);

type Figures = { readonly precision: number; readonly recall: number; readonly missed: string[]; readonly wrong: string[] };

function measure(list: readonly EvasionCase[]): Figures {
  const missed = positivesOf(list).filter((one) => !foundIn(one).includes(one.phrase ?? ""));
  const wrong = negativesOf(list).filter((one) => foundIn(one).length > 0);
  const hits = positivesOf(list).length - missed.length;
  const describeCase = (one: EvasionCase): string => `${one.language}, ${one.how}: ${one.text} (${one.phrase ?? foundIn(one).join(", ")})`;
  return {
    precision: hits / (hits + wrong.length),
    recall: hits / positivesOf(list).length,
    missed: missed.map(describeCase),
    wrong: wrong.map(describeCase),
  };
}

describe("disguised words in 15 languages", () => {
  it("are at least 400 per kind, in at least 8 languages, half of them held out", () => {
    const held = half(true);
    expect(positivesOf(cases).length).toBeGreaterThanOrEqual(400);
    expect(negativesOf(cases).length).toBeGreaterThanOrEqual(400);
    expect(new Set(cases.map(({ language }) => language)).size).toBeGreaterThanOrEqual(9);
    expect(positivesOf(held).length / positivesOf(cases).length).toBeGreaterThanOrEqual(0.45);
    expect(negativesOf(held).length / negativesOf(cases).length).toBeGreaterThanOrEqual(0.45);
  });

  it.each([
    ["tuning", false],
    ["held-out", true],
  ])("are found in the %s half with a precision of at least 0.95 and a recall of at least 0.9", (name, isHeldOut) => {
    const list = half(isHeldOut);
    const { precision, recall, missed, wrong } = measure(list);
    console.log(
      `${name}: ${positivesOf(list).length} disguised, ${negativesOf(list).length} honest, precision ${precision.toFixed(3)}, recall ${recall.toFixed(3)}`,
    );
    expect(precision, wrong.join("\n")).toBeGreaterThanOrEqual(NEEDED_PRECISION);
    expect(recall, missed.join("\n")).toBeGreaterThanOrEqual(NEEDED_RECALL);
  });
});
