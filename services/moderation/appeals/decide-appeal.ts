import type pg from "pg";
import { inTransaction } from "../../../prisma/transaction.ts";
import type { AppealDto, DecideAppealInput } from "../../../utils/contract/schemas/moderation/appeals.ts";
import { AppError } from "../../../utils/errors.ts";
import type { Actor } from "../../actor.ts";
import { auditInTransaction } from "../../audit/record.ts";
import { authorize } from "../../authorize.ts";
import type { Ctx } from "../../context.ts";
import { insertModerationNotifications } from "../../notifications/moderation-notifications.ts";
import { lockRooms } from "../../rooms/lock-room.ts";
import { currentStaff, loungeOfScope, readSubjects } from "../actions/action-access.ts";
import { finishReverts } from "../actions/finish-actions.ts";
import { revertActions, roomsOfActions } from "../actions/revert-action.ts";
import { correctRecord } from "../cases/correct-record.ts";
import { mayActOn, mayModerateSomewhere } from "../policy.ts";
import { APPEAL_COLUMNS, APPEAL_JOINED, type AppealRow, presentAppeal } from "./present-appeal.ts";

type Services = "pool" | "now" | "sessions" | "publish" | "events" | "logger";

type Appealed = {
  readonly action_id: string;
  readonly user_id: string;
  readonly is_open: boolean;
  readonly scope_kind: "room" | "lounge" | "site";
  readonly scope_id: string | null;
  readonly is_automatic: boolean;
  /** The moderator who acted, and the one who issued the bulk action that contains it. */
  readonly actor_ids: readonly (string | null)[];
};

/** Locks the appeal, so that it is decided once. */
const LOCK = `
  SELECT p.action_id, p.user_id, p.state = 'open' AS is_open, a.scope_kind, a.scope_id, a.is_automatic,
    ARRAY[a.actor_id, (SELECT b.actor_id FROM moderation_actions b WHERE b.id = a.parent_id)] AS actor_ids
  FROM appeals p JOIN moderation_actions a ON a.id = p.action_id WHERE p.id = $1 FOR UPDATE OF p`;

/**
 * Locks an appeal and checks that the caller may decide it now.
 * @throws AppError `not_found`, `forbidden`, `case_changed`, `same_moderator`
 */
async function lockForDecision(tx: pg.PoolClient, caller: Actor, appealId: string): Promise<Appealed> {
  const actor = await currentStaff(tx, caller);
  const [appeal] = (await tx.query<Appealed>(LOCK, [appealId])).rows;
  if (appeal === undefined) throw new AppError("not_found");
  const loungeId = await loungeOfScope(tx, { kind: appeal.scope_kind, id: appeal.scope_id });
  const subjects = await readSubjects(tx, [appeal.user_id]);
  authorize(mayActOn(actor, subjects.in(appeal.user_id, loungeId), { loungeId }));
  if (!appeal.is_open) throw new AppError("case_changed");
  if (!appeal.is_automatic && appeal.actor_ids.includes(actor.id)) throw new AppError("same_moderator");
  return appeal;
}

const DECIDE = "UPDATE appeals SET state = $2, answer = $3, decided_at = $4, decided_by = $5 WHERE id = $1";

async function decide(tx: pg.PoolClient, ctx: Ctx<Services>, { appealId, outcome, answer }: DecideAppealInput) {
  const { action_id: actionId, user_id: userId } = await lockForDecision(tx, ctx.actor, appealId);
  await tx.query(DECIDE, [appealId, outcome, answer === "" ? null : answer, ctx.now(), ctx.actor.id]);
  const isReversed = outcome === "reversed";
  const reverted = isReversed ? await revertActions(tx, ctx, { actionIds: [actionId], reason: null }) : [];
  if (isReversed) await correctRecord(tx, actionId);
  const notice = { userId, kind: "appeal", subjectKind: "appeal", subjectId: appealId } as const;
  const notificationIds = await insertModerationNotifications(tx, [notice]);
  await auditInTransaction(tx, ctx, {
    action: "appeal_decided",
    subjectType: "appeal",
    subjectId: appealId,
    data: { outcome, actionId },
  });
  return { reverted, notificationIds };
}

const ACTION_OF = "SELECT action_id FROM appeals WHERE id = $1";
const BY_ID = `SELECT ${APPEAL_COLUMNS} FROM ${APPEAL_JOINED} WHERE p.id = $1`;

/**
 * Decides an appeal and notifies the user. `reversed` undoes the action with all its effects and corrects the record of those who reported
 * it, in the same transaction. Moderators cannot decide about actions of their own, alone or within a bulk action; everyone above the user
 * may decide about automatic ones.
 * @throws AppError `forbidden` for all but the staff who may act on the user there, `not_found`, `case_changed` if it is already decided,
 *   `same_moderator`
 */
export async function decideAppeal(ctx: Ctx<Services>, input: DecideAppealInput): Promise<AppealDto> {
  authorize(mayModerateSomewhere(ctx.actor));
  const actionIds = (await ctx.pool.query<{ action_id: string }>(ACTION_OF, [input.appealId])).rows.map(({ action_id }) => action_id);
  const roomIds = input.outcome === "reversed" ? await roomsOfActions(ctx.pool, actionIds) : [];
  const { reverted, notificationIds } = await inTransaction(ctx.pool, async (tx) => {
    await lockRooms(tx, roomIds);
    return decide(tx, ctx, input);
  });
  ctx.events.publish("notificationsCreated", { ids: notificationIds });
  await finishReverts(ctx, reverted);
  const [row] = (await ctx.pool.query<AppealRow>(BY_ID, [input.appealId])).rows;
  if (row === undefined) throw new AppError("not_found");
  return presentAppeal(row, ctx.actor);
}
