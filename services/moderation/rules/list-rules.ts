import type { ListRulesInput, RuleDto } from "../../../utils/contract/schemas/moderation/rules.ts";
import { DEFAULT_PAGE, type Page } from "../../../utils/contract/schemas/primitives.ts";
import { byCreation, END_OF_TIME, pageByTime, readTimeCursor } from "../../../utils/cursor.ts";
import { authorize } from "../../authorize.ts";
import { RULE_COLUMNS, type RuleRow } from "../../automod/rules/rule-rows.ts";
import type { Ctx } from "../../context.ts";
import { scopesOf } from "../actions/staff-scope.ts";
import { mayModerateSomewhere } from "../policy.ts";
import { presentRule } from "./present-rule.ts";

/** `$1` are the lounges and rooms of a moderator; null for the staff of the site. */
const LIST = `
  SELECT ${RULE_COLUMNS} FROM automod_rules r
  WHERE ($1::uuid[] IS NULL OR r.scope_id = ANY($1)) AND (r.created_at, r.id) < ($2, $3) ORDER BY r.created_at DESC, r.id DESC LIMIT $4`;

/** Lists the automatic rules that the actor may change, newest first. @throws AppError `forbidden` for all but staff */
export async function listRules(ctx: Ctx<"pool">, input: ListRulesInput): Promise<Page<RuleDto>> {
  authorize(mayModerateSomewhere(ctx.actor));
  const limit = input.limit ?? DEFAULT_PAGE;
  const { ms, id } = readTimeCursor(input.cursor) ?? END_OF_TIME;
  const { rows } = await ctx.pool.query<RuleRow>(LIST, [await scopesOf(ctx), new Date(ms), id, limit + 1]);
  return pageByTime(rows, { limit, positionOf: byCreation, present: presentRule });
}
