import type pg from "pg";
import { inTransaction } from "../../../prisma/transaction.ts";
import type { RuleDto, UpdateRuleInput } from "../../../utils/contract/schemas/moderation/rules.ts";
import { withoutUndefined } from "../../../utils/contract/without-undefined.ts";
import { AppError } from "../../../utils/errors.ts";
import { auditInTransaction } from "../../audit/record.ts";
import { authorize } from "../../authorize.ts";
import { RULE_COLUMNS, type RuleRow, toRule } from "../../automod/rules/rule-rows.ts";
import type { Ctx } from "../../context.ts";
import { currentStaff } from "../actions/action-access.ts";
import { mayModerateSomewhere } from "../policy.ts";
import { rejectIfTooBroad } from "./breadth.ts";
import { presentRule } from "./present-rule.ts";
import { authorizeScope, checkTotals, findRule } from "./rule-access.ts";
import { checkedFields, type RuleFields } from "./rule-fields.ts";

const UPDATE = `
  UPDATE automod_rules r SET pattern = $2, threshold = $3, window_ms = $4, scope_kind = $5, scope_id = $6, outcome = $7, silence_ms = $8,
    exempt_roles = $9::text[]::role[], message = $10, is_enabled = $11, updated_at = $12, version = version + 1
  WHERE r.id = $1 RETURNING ${RULE_COLUMNS}`;

/** A rule as it will be, and the version that it replaces. */
type Change = { readonly ruleId: string; readonly version: number; readonly fields: RuleFields; readonly isEnabled: boolean };

function checkVersion(row: RuleRow, version: number): void {
  if (row.version !== version) throw new AppError("rule_changed");
}

/** Returns the fields of the stored rule with those of the request. @throws AppError as `checkedFields` */
function mergedFields(row: RuleRow, input: UpdateRuleInput): RuleFields {
  const { ruleId: _ruleId, version: _version, isEnabled: _isEnabled, confirm: _confirm, ...given } = input;
  const { id: _id, ...stored } = toRule(row);
  const outcome = given.outcome ?? stored.outcome;
  // A silence that becomes another outcome loses its time.
  const silenceMs = outcome === "silence" ? stored.silenceMs : null;
  return checkedFields({ ...stored, exemptRoles: [...stored.exemptRoles], silenceMs, ...withoutUndefined(given) });
}

/** The fields that determine which messages a rule rejects. */
const DECISIVE = ["pattern", "threshold", "windowMs", "scope", "outcome", "exemptRoles"] as const;

/** Whether a rule will reject other messages than before. */
const isAnother = (before: RuleRow, input: UpdateRuleInput): boolean =>
  !before.is_enabled || DECISIVE.some((name) => input[name] !== undefined);

async function update(ctx: Ctx<"now">, tx: pg.PoolClient, { ruleId, version, fields, isEnabled }: Change): Promise<RuleRow> {
  const actor = await currentStaff(tx, ctx.actor);
  const before = await findRule(tx, ruleId, { isLocked: true });
  await authorizeScope(tx, actor, { kind: before.scope_kind, id: before.scope_id });
  await authorizeScope(tx, actor, fields.scope);
  checkVersion(before, version);
  if (isEnabled) await checkTotals(tx, fields, ruleId);
  const { pattern, threshold, windowMs, scope, outcome, silenceMs, exemptRoles, message } = fields;
  const values = [
    ruleId,
    pattern,
    threshold,
    windowMs,
    scope.kind,
    scope.id,
    outcome,
    silenceMs,
    exemptRoles,
    message,
    isEnabled,
    ctx.now(),
  ];
  const [row] = (await tx.query<RuleRow>(UPDATE, values)).rows as [RuleRow];
  await auditInTransaction(tx, ctx, {
    action: "rule_changed",
    subjectType: "rule",
    subjectId: ruleId,
    data: { kind: row.kind, outcome, isEnabled, version: row.version },
  });
  return row;
}

/**
 * Changes, enables or disables a rule.
 * @throws AppError `not_found`, `forbidden` outside the lounges of the moderator, `rule_changed` for an old version, `invalid_input`,
 * `pattern_invalid { reason }`, `rule_too_broad { tested, matched }`
 */
export async function updateRule(ctx: Ctx<"pool" | "now" | "automod">, input: UpdateRuleInput): Promise<RuleDto> {
  authorize(mayModerateSomewhere(ctx.actor));
  const { ruleId, version } = input;
  const before = await findRule(ctx.pool, ruleId);
  await authorizeScope(ctx.pool, ctx.actor, { kind: before.scope_kind, id: before.scope_id });
  checkVersion(before, version);
  const fields = mergedFields(before, input);
  await authorizeScope(ctx.pool, ctx.actor, fields.scope);
  const isEnabled = input.isEnabled ?? before.is_enabled;
  if (isEnabled && input.confirm !== true && isAnother(before, input)) await rejectIfTooBroad(ctx, fields);
  const row = await inTransaction(ctx.pool, (tx) => update(ctx, tx, { ruleId, version, fields, isEnabled }));
  ctx.automod.invalidate();
  return presentRule(row);
}
