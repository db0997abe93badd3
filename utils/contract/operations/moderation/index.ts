import { actionOperations } from "./actions.ts";
import { caseOperations } from "./cases.ts";
import { recordOperations } from "./records.ts";
import { ruleOperations } from "./rules.ts";

/** All endpoints about moderation. */
export const moderationOperations = {
  ...caseOperations,
  ...actionOperations,
  ...ruleOperations,
  ...recordOperations,
} as const;
