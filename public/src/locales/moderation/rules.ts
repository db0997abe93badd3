import type { HouseRule } from "../../../../utils/contract/schemas/moderation/actions.ts";
import type { ModerationKey } from "./en.ts";
import { tm } from "./index.ts";

const names: Record<HouseRule, ModerationKey> = {
  spam: "reasonSpam",
  harassment: "reasonHarassment",
  inappropriate: "reasonInappropriate",
  underage: "reasonUnderage",
  scam: "reasonScam",
  impersonation: "reasonImpersonation",
  other: "reasonOther",
};

const hints: Record<HouseRule, ModerationKey> = {
  spam: "reasonSpamHint",
  harassment: "reasonHarassmentHint",
  inappropriate: "reasonInappropriateHint",
  underage: "reasonUnderageHint",
  scam: "reasonScamHint",
  impersonation: "reasonImpersonationHint",
  other: "reasonOtherHint",
};

/** The house rules in the order of the report dialog. Not imported from the contract, whose values load the schema library. */
export const rules: readonly HouseRule[] = ["spam", "harassment", "inappropriate", "underage", "scam", "impersonation", "other"];

/** Returns the name of a house rule. A rule without a translation, such as one from an import, is returned unchanged. */
export function ruleName(rule: string): string {
  const known = rules.find((one) => one === rule);
  return known ? tm(names[known]) : rule;
}

/** Explains a house rule in one sentence. */
export const ruleHint = (rule: HouseRule): string => tm(hints[rule]);
