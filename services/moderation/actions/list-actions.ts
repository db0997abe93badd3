import type { ActionDto, ListActionsInput } from "../../../utils/contract/schemas/moderation/actions.ts";
import { DEFAULT_PAGE, type Page } from "../../../utils/contract/schemas/primitives.ts";
import { byCreation, END_OF_TIME, pageByTime, readTimeCursor } from "../../../utils/cursor.ts";
import type { Ctx } from "../../context.ts";
import { mayModerateSomewhere } from "../policy.ts";
import { ACTION_COLUMNS, ACTION_JOINED, type ActionRow, presentAction, presentOwnAction } from "./present-action.ts";
import { scopesOf } from "./staff-scope.ts";

/** Whether an action has neither ended nor been undone. A verified phone number ends `require_phone`. */
const IS_ACTIVE = `(a.reverted_at IS NULL AND (a.expires_at IS NULL OR a.expires_at > $5) AND (a.kind <> 'require_phone' OR NOT EXISTS (
    SELECT FROM contacts c WHERE c.user_id = a.user_id AND c.kind = 'phone' AND c.verified_at IS NOT NULL)))`;

const LIST = `
  SELECT ${ACTION_COLUMNS} FROM ${ACTION_JOINED}
  WHERE ($1::uuid[] IS NULL OR a.scope_id = ANY($1)) AND ($2::uuid IS NULL OR a.user_id = $2) AND ($3::action_kind IS NULL OR a.kind = $3)
    AND ($4::bool IS NULL OR ${IS_ACTIVE} = $4) AND (a.created_at, a.id) < ($6, $7)
  ORDER BY a.created_at DESC, a.id DESC LIMIT $8`;

/** The actions to be listed: those in some scopes, of one user; null for all. */
type Selection = { readonly scopes: readonly string[] | null; readonly userId: string | null };

/** Users see the actions that concern them, also staff who ask for their own, whatever their scope. */
async function selectionFor(ctx: Ctx<"pool">, { userId }: ListActionsInput): Promise<Selection> {
  const { actor } = ctx;
  if (userId === actor.id || !mayModerateSomewhere(actor).isGranted) return { scopes: null, userId: actor.id };
  return { scopes: await scopesOf(ctx), userId: userId ?? null };
}

/**
 * Returns actions, newest first: to staff those in their scope; to everyone else, and to banned staff, those that concern the caller,
 * without the moderators who decided.
 * @throws AppError `invalid_input`
 */
export async function listActions(ctx: Ctx<"pool" | "now">, input: ListActionsInput): Promise<Page<ActionDto>> {
  const limit = input.limit ?? DEFAULT_PAGE;
  const before = readTimeCursor(input.cursor) ?? END_OF_TIME;
  const { scopes, userId } = await selectionFor(ctx, input);
  const isActive = input.active === undefined ? null : input.active === "true";
  const values = [scopes, userId, input.kind ?? null, isActive, ctx.now(), new Date(before.ms), before.id, limit + 1];
  const { rows } = await ctx.pool.query<ActionRow>(LIST, values);
  const present = (row: ActionRow): ActionDto => (row.target?.id === ctx.actor.id ? presentOwnAction(row) : presentAction(row));
  return pageByTime(rows, { limit, positionOf: byCreation, present });
}
