import type { RuleDto } from "../../../utils/contract/schemas/moderation/rules.ts";
import { type RuleRow, toRule } from "../../automod/rules/rule-rows.ts";

/** Returns a rule as the staff see it. */
export const presentRule = (row: RuleRow): RuleDto => ({
  ...toRule(row),
  exemptRoles: [...row.exempt_roles],
  isEnabled: row.is_enabled,
  hits: row.hits,
  createdBy: row.created_by,
  createdAt: row.created_at.toISOString(),
  version: row.version,
});
