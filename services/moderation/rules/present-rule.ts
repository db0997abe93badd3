import type { RuleDto } from "../../../utils/contract/schemas/moderation/rules.ts";
import type { RuleRow } from "../../automod/rules/rule-rows.ts";

/** Returns a rule as the staff see it. */
export const presentRule = (row: RuleRow): RuleDto => ({
  id: row.id,
  kind: row.kind,
  pattern: row.pattern,
  threshold: row.threshold,
  windowMs: row.window_ms,
  scope: { kind: row.scope_kind, id: row.scope_id },
  outcome: row.outcome,
  silenceMs: row.silence_ms,
  exemptRoles: [...row.exempt_roles],
  message: row.message,
  isEnabled: row.is_enabled,
  hits: row.hits,
  createdBy: row.created_by,
  createdAt: row.created_at.toISOString(),
  version: row.version,
});
