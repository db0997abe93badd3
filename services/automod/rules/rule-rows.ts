import type { Rule } from "./rule.ts";

/** A row of `automod_rules`. */
export type RuleRow = {
  readonly id: string;
  readonly kind: Rule["kind"];
  readonly pattern: string | null;
  readonly threshold: number | null;
  readonly window_ms: number | null;
  readonly scope_kind: Rule["scope"]["kind"];
  readonly scope_id: string | null;
  readonly outcome: Rule["outcome"];
  readonly silence_ms: number | null;
  readonly exempt_roles: Rule["exemptRoles"];
  readonly message: string | null;
  readonly is_enabled: boolean;
  readonly hits: number;
  readonly created_by: string | null;
  readonly created_at: Date;
  readonly version: number;
};

/** The columns of a rule `r`, as `RuleRow`. */
export const RULE_COLUMNS = `r.id, r.kind, r.pattern, r.threshold, r.window_ms, r.scope_kind, r.scope_id, r.outcome, r.silence_ms,
  r.exempt_roles::text[] AS exempt_roles, r.message, r.is_enabled, r.hits, r.created_by, r.created_at, r.version`;

export const toRule = (row: RuleRow): Rule => ({
  id: row.id,
  kind: row.kind,
  pattern: row.pattern,
  threshold: row.threshold,
  windowMs: row.window_ms,
  scope: { kind: row.scope_kind, id: row.scope_id },
  outcome: row.outcome,
  silenceMs: row.silence_ms,
  exemptRoles: row.exempt_roles,
  message: row.message,
});
