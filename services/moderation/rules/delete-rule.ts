import { inTransaction } from "../../../prisma/transaction.ts";
import type { RuleParams } from "../../../utils/contract/schemas/moderation/rules.ts";
import { auditInTransaction } from "../../audit/record.ts";
import { authorize } from "../../authorize.ts";
import type { Ctx } from "../../context.ts";
import { currentStaff } from "../actions/action-access.ts";
import { mayModerateSomewhere } from "../policy.ts";
import { authorizeScope, findRule } from "./rule-access.ts";

/** Deletes a rule. @throws AppError `not_found`, `forbidden` outside the lounges of the moderator */
export async function deleteRule(ctx: Ctx<"pool" | "automod">, { ruleId }: RuleParams): Promise<void> {
  authorize(mayModerateSomewhere(ctx.actor));
  await inTransaction(ctx.pool, async (tx) => {
    const actor = await currentStaff(tx, ctx.actor);
    const { kind, outcome, scope_kind: scopeKind, scope_id: scopeId } = await findRule(tx, ruleId, { isLocked: true });
    await authorizeScope(tx, actor, { kind: scopeKind, id: scopeId });
    await tx.query("DELETE FROM automod_rules WHERE id = $1", [ruleId]);
    await auditInTransaction(tx, ctx, { action: "rule_deleted", subjectType: "rule", subjectId: ruleId, data: { kind, outcome } });
  });
  ctx.automod.invalidate();
}
