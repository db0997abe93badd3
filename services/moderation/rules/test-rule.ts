import type { RuleTestDto, TestRuleInput } from "../../../utils/contract/schemas/moderation/rules.ts";
import { authorize } from "../../authorize.ts";
import type { Ctx } from "../../context.ts";
import { mayModerateSomewhere } from "../policy.ts";
import { testOnRecent } from "./dry-run.ts";
import { authorizeScope } from "./rule-access.ts";
import { checkedFields } from "./rule-fields.ts";

/**
 * Tests a rule on recent messages of its scope, or of one room. Changes nothing.
 * @throws AppError `forbidden` outside the lounges of the moderator, `not_found` for an unknown scope, `invalid_input`,
 * `pattern_invalid { reason }`
 */
export async function testRule(ctx: Ctx<"pool" | "now">, { rule, roomId, days = 1 }: TestRuleInput): Promise<RuleTestDto> {
  authorize(mayModerateSomewhere(ctx.actor));
  const fields = checkedFields(rule);
  // A moderator of a lounge may test a rule in its rooms only.
  if (roomId === undefined) await authorizeScope(ctx.pool, ctx.actor, fields.scope);
  else await authorizeScope(ctx.pool, ctx.actor, { kind: "room", id: roomId });
  return testOnRecent(ctx, fields, { days, roomId });
}
