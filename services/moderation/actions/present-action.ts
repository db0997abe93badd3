import type pg from "pg";
import type { ActionDto, ActionKind, ScopeDto } from "../../../utils/contract/schemas/moderation/actions.ts";
import type { AuthorDto } from "../../../utils/contract/schemas/users.ts";
import { authorJson } from "../../json-sql.ts";
import { presentAuthor } from "../../users/present.ts";

/** An action with the users that it shows and the appeal against it, as `ACTION_COLUMNS` reads it. */
export type ActionRow = {
  readonly id: string;
  readonly kind: ActionKind;
  readonly target: AuthorDto | null;
  readonly message_id: string | null;
  readonly item_id: string | null;
  readonly scope_kind: ScopeDto["kind"];
  readonly scope_id: string | null;
  readonly rule: string;
  readonly text: string | null;
  readonly case_id: string | null;
  readonly parent_id: string | null;
  readonly actor: AuthorDto | null;
  readonly is_automatic: boolean;
  readonly created_at: Date;
  readonly expires_at: Date | null;
  readonly reverted_at: Date | null;
  readonly reverter: AuthorDto | null;
  readonly appeal: ActionDto["appeal"];
};

/** Returns the SQL expression of a joined user, as `AuthorDto` in JSON; null if there is none. */
export const userJson = (alias: string): string => `CASE WHEN ${alias}.id IS NOT NULL THEN ${authorJson(alias)} END`;

/** The columns of `ActionRow`. */
export const ACTION_COLUMNS = `
  a.id, a.kind, a.message_id, a.item_id, a.scope_kind, a.scope_id, a.rule, a.text, a.case_id, a.parent_id, a.is_automatic, a.created_at,
  a.expires_at, a.reverted_at, ${userJson("target")} AS target, ${userJson("actor")} AS actor, ${userJson("reverter")} AS reverter,
  CASE WHEN appeal.id IS NOT NULL THEN jsonb_build_object('id', appeal.id, 'state', appeal.state) END AS appeal`;

/** The action `a`, and what `ACTION_COLUMNS` reads besides. */
export const ACTION_JOINED = `moderation_actions a
  LEFT JOIN users target ON target.id = a.user_id LEFT JOIN users actor ON actor.id = a.actor_id
  LEFT JOIN users reverter ON reverter.id = a.reverted_by LEFT JOIN appeals appeal ON appeal.action_id = a.id`;

const BY_IDS = `
  SELECT ${ACTION_COLUMNS} FROM ${ACTION_JOINED} WHERE a.id = ANY($1::uuid[]) ORDER BY array_position($1::uuid[], a.id)`;

/** Reads the current state of several actions, in the order of the ids. Unknown ids are left out. */
export const readActions = async (db: pg.Pool | pg.PoolClient, ids: readonly string[]): Promise<ActionRow[]> =>
  (await db.query<ActionRow>({ name: "actions-by-ids", text: BY_IDS, values: [ids] })).rows;

const authorOf = (user: AuthorDto | null): AuthorDto | null => user && presentAuthor(user);

/** Returns an action as staff see it. */
export const presentAction = (row: ActionRow): ActionDto => ({
  id: row.id,
  kind: row.kind,
  target: authorOf(row.target),
  messageId: row.message_id,
  itemId: row.item_id,
  scope: { kind: row.scope_kind, id: row.scope_id },
  rule: row.rule,
  text: row.text,
  caseId: row.case_id,
  parentId: row.parent_id,
  actor: authorOf(row.actor),
  isAutomatic: row.is_automatic,
  createdAt: row.created_at.toISOString(),
  expiresAt: row.expires_at?.toISOString() ?? null,
  revertedAt: row.reverted_at?.toISOString() ?? null,
  revertedBy: authorOf(row.reverter),
  appeal: row.appeal,
});

/** Returns an action as the user concerned sees it: without the moderators who decided. */
export const presentOwnAction = (row: ActionRow): ActionDto => ({ ...presentAction(row), actor: null, revertedBy: null });
