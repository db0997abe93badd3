import { AppError } from "../../../utils/errors.ts";
import type { Ctx } from "../../context.ts";
import { testOnRecent } from "./dry-run.ts";
import type { RuleFields } from "./rule-fields.ts";

/** A rule that would have rejected a larger part of the last day's messages must be confirmed. */
const BROAD_SHARE = 0.2;

/**
 * Rejects a rule that rejects messages and would have matched too many of the last day's. Do not call it in a transaction: it may take two
 * seconds.
 * @throws AppError `rule_too_broad { tested, matched }`
 */
export async function rejectIfTooBroad(ctx: Ctx<"pool" | "now">, rule: RuleFields): Promise<void> {
  if (rule.outcome !== "block" && rule.outcome !== "silence") return;
  const { tested, matched } = await testOnRecent(ctx, rule, { days: 1 });
  if (matched > tested * BROAD_SHARE) throw new AppError("rule_too_broad", { tested, matched });
}
