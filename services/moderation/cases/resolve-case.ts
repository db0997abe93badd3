import type pg from "pg";
import { inTransaction } from "../../../prisma/transaction.ts";
import type { HeldMessageDto } from "../../../utils/contract/schemas/messages.ts";
import type { NewActionInput } from "../../../utils/contract/schemas/moderation/actions.ts";
import type { CaseDetailDto, ResolveCaseInput } from "../../../utils/contract/schemas/moderation/cases.ts";
import { AppError } from "../../../utils/errors.ts";
import { auditInTransaction } from "../../audit/record.ts";
import { authorize } from "../../authorize.ts";
import type { Ctx } from "../../context.ts";
import { insertModerationNotifications } from "../../notifications/moderation-notifications.ts";
import { lockRooms } from "../../rooms/lock-room.ts";
import type { RoomRecord } from "../../rooms/room-cache.ts";
import type { IssuedAction, RevertedAction } from "../actions/action-draft.ts";
import { finishActions, finishReverts } from "../actions/finish-actions.ts";
import { issueActions } from "../actions/issue-actions.ts";
import { resolveDrafts, roomsOfNewActions } from "../actions/resolve-drafts.ts";
import { revertActions, roomsOfActions } from "../actions/revert-action.ts";
import { mayModerateSomewhere } from "../policy.ts";
import { canHaveOutcome } from "./case-policy.ts";
import { closeCase } from "./close-case.ts";
import { eraseResolvedTexts } from "./erase-evidence.ts";
import { detailOf } from "./get-case.ts";
import { type Approval, approveHeld, publishApproval, rejectHeld } from "./held.ts";
import { caseChanged, lockCase } from "./lock-case.ts";
import { type CaseRow, claimerOf, readCase } from "./present-case.ts";

type ResolveCtx = Ctx<"pool" | "now" | "rooms" | "sessions" | "publish" | "events" | "logger">;

/** Actions that were taken automatically because of the reports, until staff decide. */
const AUTOMATIC = "SELECT id FROM moderation_actions WHERE case_id = $1 AND is_automatic AND reverted_at IS NULL";

/** Messages that an action of the case has removed already. */
const REMOVED = `
  SELECT message_id AS id FROM moderation_actions WHERE case_id = $1 AND kind = 'delete_message' AND reverted_at IS NULL AND message_id IS NOT NULL`;

const REPORTERS = "SELECT id, reporter_id FROM reports WHERE case_id = $1";

const idsOf = async (db: pg.Pool | pg.PoolClient, sql: string, caseId: string): Promise<string[]> =>
  (await db.query<{ id: string }>(sql, [caseId])).rows.map(({ id }) => id);

/** Whether the outcome means that nothing was wrong: automatic measures are then reverted. */
const isHarmless = ({ outcome }: ResolveCaseInput): boolean => outcome === "dismissed" || outcome === "approved";

/** The room of a held message, and all rooms to be locked. */
type Prepared = { readonly room: RoomRecord | undefined; readonly roomIds: readonly string[] };

/**
 * Finds the rooms whose messages the decision changes. If another report adds a measure meanwhile, the version of the case changes too,
 * and the decision is rejected.
 */
async function prepare({ pool, rooms }: ResolveCtx, input: ResolveCaseInput): Promise<Prepared> {
  const row = await readCase(pool, input.caseId);
  const room = row?.kind === "held" && row.room_id !== null ? await rooms.find(row.room_id) : undefined;
  const ofActions = await roomsOfNewActions(pool, input.actions ?? []);
  const ofMeasures = isHarmless(input) ? await roomsOfActions(pool, await idsOf(pool, AUTOMATIC, input.caseId)) : [];
  return { room, roomIds: [...new Set([...(room === undefined ? [] : [room.id]), ...ofActions, ...ofMeasures])] };
}

const invalid = (path: string, message: string): AppError => new AppError("invalid_input", { errors: [{ path, message }] });

function checkInput({ kind }: CaseRow, { outcome, actions = [] }: ResolveCaseInput): void {
  if (!canHaveOutcome(kind, outcome))
    throw invalid("outcome", kind === "held" ? "must be approved or refused" : "must be dismissed or actioned");
  if (outcome === "dismissed" && actions.length > 0) throw invalid("actions", "must be empty if the case is dismissed");
}

/** What the decision changed, to be published once it is committed. */
type Decision = {
  readonly approval: Approval | null;
  readonly rejected: HeldMessageDto | null;
  readonly issued: readonly IssuedAction[];
  readonly reverted: readonly RevertedAction[];
  readonly notificationIds: readonly string[];
  readonly row: CaseRow;
};

async function notifyReporters(tx: pg.PoolClient, caseId: string): Promise<string[]> {
  const { rows } = await tx.query<{ id: string; reporter_id: string }>(REPORTERS, [caseId]);
  const notices = rows.map(({ id, reporter_id: userId }) => ({ userId, kind: "report", subjectKind: "report", subjectId: id }) as const);
  return insertModerationNotifications(tx, notices);
}

/** Takes the actions of the decision; a message that the case has removed already is not removed again. */
async function takeActions(ctx: ResolveCtx, tx: pg.PoolClient, { caseId, actions = [] }: ResolveCaseInput): Promise<IssuedAction[]> {
  const removed = new Set(await idsOf(tx, REMOVED, caseId));
  const isLeft = ({ kind, messageId }: NewActionInput): boolean =>
    kind !== "delete_message" || messageId === undefined || !removed.has(messageId);
  const inputs = actions.filter(isLeft).map((action) => ({ ...action, caseId }));
  return issueActions(tx, ctx, await resolveDrafts(tx, ctx.actor, inputs));
}

type Deciding = { readonly input: ResolveCaseInput; readonly room: RoomRecord | undefined };

async function decide(ctx: ResolveCtx, tx: pg.PoolClient, { input, room }: Deciding): Promise<Decision> {
  const { outcome, note = null } = input;
  const at = ctx.now();
  const seen = await lockCase(ctx, tx, input);
  const claimer = claimerOf(seen, at);
  if (claimer !== null && claimer !== ctx.actor.id) throw caseChanged(seen, at);
  checkInput(seen, input);
  const approval = outcome === "approved" ? await approveHeld(tx, ctx, { messageId: seen.target_id, room }) : null;
  const rejected = outcome === "refused" ? await rejectHeld(tx, ctx, seen.target_id) : null;
  const issued = await takeActions(ctx, tx, input);
  const measures = isHarmless(input) ? await idsOf(tx, AUTOMATIC, seen.id) : [];
  const reverted = await revertActions(tx, ctx, { actionIds: measures, reason: null });
  await closeCase(tx, { caseId: seen.id, outcome, note, userId: ctx.actor.id, at });
  await eraseResolvedTexts(tx, seen.id);
  const notificationIds = await notifyReporters(tx, seen.id);
  await auditInTransaction(tx, ctx, { action: "case_resolved", subjectType: "case", subjectId: seen.id, data: { outcome } });
  const row = await readCase(tx, seen.id);
  if (row === undefined) throw new AppError("not_found");
  return { approval, rejected, issued, reverted, notificationIds, row };
}

async function publish(ctx: ResolveCtx, { approval, rejected, issued, reverted, notificationIds, row }: Decision): Promise<void> {
  const { events } = ctx;
  if (approval !== null) publishApproval(events, approval);
  if (rejected !== null) ctx.publish.messageQueuedForReview(rejected.author.id, { message: rejected });
  events.publish("notificationsCreated", { ids: notificationIds });
  events.publish("caseChanged", { id: row.id });
  await finishReverts(ctx, reverted);
  await finishActions(ctx, issued);
}

/**
 * Decides a case and takes the actions, all together or not at all. A held message is approved, and takes the next number of its room, or
 * refused. Dismissing a case reverts what was done automatically because of the reports. The reporters are notified.
 * @throws AppError `not_found`, also for a held message that does not exist anymore; `forbidden` for all but staff above the user
 * concerned; `case_changed { case }` if it is resolved, changed, or claimed by another moderator; `invalid_input` for an outcome that the
 * case cannot have; `cannot_message` if the author of a held message may no longer write there
 */
export async function resolveCase(ctx: ResolveCtx, input: ResolveCaseInput): Promise<CaseDetailDto> {
  authorize(mayModerateSomewhere(ctx.actor));
  const { room, roomIds } = await prepare(ctx, input);
  const decision = await inTransaction(ctx.pool, async (tx) => {
    await lockRooms(tx, roomIds);
    return decide(ctx, tx, { input, room });
  });
  await publish(ctx, decision);
  return detailOf(ctx, decision.row);
}
