import { AppError } from "../../../utils/errors.ts";
import type { Rule } from "./rule.ts";

/** What the author reads if the rule has no explanation. */
export const DEFAULT_MESSAGE = "This message is not allowed here.";

/** The error of a message that a rule rejects: `blocked_by_rule { message }`. */
export class RejectedByRule extends AppError {
  constructor(readonly rule: Rule) {
    super("blocked_by_rule", { message: rule.message ?? DEFAULT_MESSAGE });
  }
}

/** Whether a rule rejects messages. */
export const isRejecting = ({ outcome }: Rule): boolean => outcome === "block" || outcome === "silence";
