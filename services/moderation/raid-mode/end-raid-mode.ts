import type pg from "pg";
import { inTransaction } from "../../../prisma/transaction.ts";
import type { RaidModeParams } from "../../../utils/contract/schemas/moderation/raid-mode.ts";
import { AppError } from "../../../utils/errors.ts";
import { auditInTransaction } from "../../audit/record.ts";
import { authorize } from "../../authorize.ts";
import type { Ctx } from "../../context.ts";
import { lockRooms } from "../../rooms/lock-room.ts";
import { currentStaff, loungeOfScope } from "../actions/action-access.ts";
import type { RevertedAction } from "../actions/action-draft.ts";
import { finishReverts } from "../actions/finish-actions.ts";
import { revertActions, roomsOfActions } from "../actions/revert-action.ts";
import { mayModerateIn, mayModerateSomewhere } from "../policy.ts";
import { RAID_MODE_COLUMNS, type RaidModeRow } from "./present-raid-mode.ts";
import { releaseHolds } from "./release-holds.ts";

const ACTION = "SELECT action_id FROM raid_modes WHERE id = $1";
const LOCK = `SELECT ${RAID_MODE_COLUMNS} FROM raid_modes WHERE id = $1 FOR NO KEY UPDATE`;
const END = "UPDATE raid_modes SET ended_at = $2 WHERE id = $1";

type EndCtx = Ctx<"pool" | "now" | "rooms" | "sessions" | "publish" | "events" | "logger">;

/** Ends a raid mode and reverts its actions. @returns the reverted actions; null if it has been ended before */
async function end(ctx: EndCtx, tx: pg.PoolClient, raidModeId: string): Promise<RevertedAction[] | null> {
  const actor = await currentStaff(tx, ctx.actor);
  const [row] = (await tx.query<RaidModeRow>(LOCK, [raidModeId])).rows;
  if (row === undefined) throw new AppError("not_found");
  const { scope_kind: kind, scope_id: id } = row;
  authorize(mayModerateIn(actor, { loungeId: await loungeOfScope(tx, { kind, id }) }));
  if (row.ended_at !== null) return null;
  await tx.query(END, [raidModeId, ctx.now()]);
  await auditInTransaction(tx, ctx, { action: "raid_mode_ended", subjectType: "raid_mode", subjectId: raidModeId });
  return row.action_id === null ? [] : revertActions(tx, ctx, { actionIds: [row.action_id], reason: null });
}

/**
 * Ends a raid mode and reverts what it did that is still open: its mutes and removals, and the messages that wait for review only because
 * of it, which are sent. Nothing else is released, and what staff have decided stays. Ending it again changes nothing.
 * @throws AppError `forbidden` for all but the staff of its scope, `not_found`
 */
export async function endRaidMode(ctx: EndCtx, { raidModeId }: RaidModeParams): Promise<void> {
  authorize(mayModerateSomewhere(ctx.actor));
  const [raid] = (await ctx.pool.query<Pick<RaidModeRow, "action_id">>(ACTION, [raidModeId])).rows;
  if (raid === undefined) throw new AppError("not_found");
  const roomIds = raid.action_id === null ? [] : await roomsOfActions(ctx.pool, [raid.action_id]);
  const reverted = await inTransaction(ctx.pool, async (tx) => {
    await lockRooms(tx, roomIds);
    return end(ctx, tx, raidModeId);
  });
  if (reverted === null) return;
  await finishReverts(ctx, reverted);
  await releaseHolds(ctx, raidModeId);
}
