import type pg from "pg";
import { inTransaction } from "../../../prisma/transaction.ts";
import type { CreateRuleInput, RuleDto } from "../../../utils/contract/schemas/moderation/rules.ts";
import { newId } from "../../../utils/ids.ts";
import { auditInTransaction } from "../../audit/record.ts";
import { authorize } from "../../authorize.ts";
import { RULE_COLUMNS, type RuleRow } from "../../automod/rules/rule-rows.ts";
import type { Ctx } from "../../context.ts";
import { currentStaff } from "../actions/action-access.ts";
import { mayModerateSomewhere } from "../policy.ts";
import { rejectIfTooBroad } from "./breadth.ts";
import { presentRule } from "./present-rule.ts";
import { authorizeScope, checkTotals } from "./rule-access.ts";
import { checkedFields, type RuleFields } from "./rule-fields.ts";

const INSERT = `
  INSERT INTO automod_rules AS r (id, kind, pattern, threshold, window_ms, scope_kind, scope_id, outcome, silence_ms, exempt_roles, message,
    is_enabled, created_by, created_at, updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::text[]::role[], $11, $12, $13, $14, $14)
  RETURNING ${RULE_COLUMNS}`;

type NewRule = { readonly fields: RuleFields; readonly isEnabled: boolean };

/** Returns the values of `$2` to `$11`. */
const valuesOf = ({ kind, pattern, threshold, windowMs, scope, outcome, silenceMs, exemptRoles, message }: RuleFields): unknown[] => [
  ...[kind, pattern, threshold, windowMs, scope.kind, scope.id, outcome, silenceMs, exemptRoles, message],
];

async function insert(ctx: Ctx<"now">, tx: pg.PoolClient, { fields, isEnabled }: NewRule): Promise<RuleRow> {
  await authorizeScope(tx, await currentStaff(tx, ctx.actor), fields.scope);
  if (isEnabled) await checkTotals(tx, fields, null);
  const values = [newId(), ...valuesOf(fields), isEnabled, ctx.actor.id, ctx.now()];
  const [row] = (await tx.query<RuleRow>(INSERT, values)).rows as [RuleRow];
  await auditInTransaction(tx, ctx, {
    action: "rule_created",
    subjectType: "rule",
    subjectId: row.id,
    data: { kind: row.kind, outcome: row.outcome, isEnabled },
  });
  return row;
}

/**
 * Creates an automatic rule, disabled by default.
 * @throws AppError `forbidden` outside the lounges of the moderator, `not_found` for an unknown scope, `invalid_input`,
 * `pattern_invalid { reason }`, `rule_too_broad { tested, matched }`
 */
export async function createRule(
  ctx: Ctx<"pool" | "now" | "automod">,
  { isEnabled = false, confirm = false, ...given }: CreateRuleInput,
): Promise<RuleDto> {
  authorize(mayModerateSomewhere(ctx.actor));
  const fields = checkedFields(given);
  await authorizeScope(ctx.pool, ctx.actor, fields.scope);
  if (isEnabled && !confirm) await rejectIfTooBroad(ctx, fields);
  const row = await inTransaction(ctx.pool, (tx) => insert(ctx, tx, { fields, isEnabled }));
  if (isEnabled) ctx.automod.invalidate();
  return presentRule(row);
}
