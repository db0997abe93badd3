import type pg from "pg";
import { inTransaction } from "../../../prisma/transaction.ts";
import type { AppealDto, CreateAppealInput } from "../../../utils/contract/schemas/moderation/appeals.ts";
import { AppError } from "../../../utils/errors.ts";
import { newId } from "../../../utils/ids.ts";
import type { Ctx } from "../../context.ts";
import { appealDeadlineOf } from "../actions/finish-actions.ts";
import { presentAppeal } from "./present-appeal.ts";

type OwnAction = { readonly created_at: Date; readonly reverted_at: Date | null };

/** Locks the action, so that merging a guest into an account moves the appeal together with it. */
const OWN_ACTION = "SELECT created_at, reverted_at FROM moderation_actions WHERE id = $1 AND user_id = $2 FOR NO KEY UPDATE";

const INSERT = `
  INSERT INTO appeals (id, action_id, user_id, text, created_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (action_id) DO NOTHING RETURNING id`;

type Appeal = CreateAppealInput & { readonly id: string; readonly createdAt: Date };

async function insertAppeal(tx: pg.PoolClient, userId: string, { id, actionId, text, createdAt }: Appeal): Promise<void> {
  const [action] = (await tx.query<OwnAction>(OWN_ACTION, [actionId, userId])).rows;
  if (action === undefined) throw new AppError("not_found");
  // An action that was undone leaves nothing to appeal against.
  if (action.reverted_at !== null || createdAt > appealDeadlineOf(action.created_at)) throw new AppError("appeal_closed");
  if ((await tx.query(INSERT, [id, actionId, userId, text, createdAt])).rowCount === 0) throw new AppError("appeal_exists");
}

/**
 * Appeals against an action that concerns the caller, who may be banned or a guest.
 * @throws AppError `not_found` for an unknown action or another user's, `appeal_closed` after six months or if the action was undone,
 *   `appeal_exists` for a second appeal against it
 */
export async function createAppeal(ctx: Ctx<"pool" | "now">, input: CreateAppealInput): Promise<AppealDto> {
  const userId = ctx.actor.id;
  const appeal = { ...input, id: newId(), createdAt: ctx.now() };
  await inTransaction(ctx.pool, (tx) => insertAppeal(tx, userId, appeal));
  const { id, actionId, text, createdAt } = appeal;
  const open = { state: "open", answer: null, decided_at: null, decider: null } as const;
  return presentAppeal({ id, action_id: actionId, user_id: userId, text, created_at: createdAt, ...open }, ctx.actor);
}
