import type pg from "pg";
import { inTransaction } from "../../../prisma/transaction.ts";
import type { ActionDto, ActionKind, RevertActionInput } from "../../../utils/contract/schemas/moderation/actions.ts";
import { AppError } from "../../../utils/errors.ts";
import { auditAllInTransaction } from "../../audit/record.ts";
import { authorize } from "../../authorize.ts";
import type { Ctx } from "../../context.ts";
import { numberChanges } from "../../messages/changes/change.ts";
import { restoreMessages } from "../../messages/changes/remove-messages.ts";
import type { Batch } from "../../realtime/batch.ts";
import { lockRooms } from "../../rooms/lock-room.ts";
import { mayModerateSomewhere } from "../policy.ts";
import { authorizeRevert } from "./action-access.ts";
import type { ActionCaller, RevertedAction } from "./action-draft.ts";
import { finishReverts } from "./finish-actions.ts";
import { notifyUsers } from "./notify-users.ts";
import { presentAction, readActions } from "./present-action.ts";

/** An action and, if it is a bulk action, its children; with the room of a removed message. */
const FAMILY = `
  SELECT a.id, m.room_id FROM moderation_actions a LEFT JOIN removed_messages r ON r.action_id = a.id AND a.kind = 'delete_message'
  LEFT JOIN messages m ON m.id = r.message_id WHERE a.id = ANY($1::uuid[]) OR a.parent_id = ANY($1::uuid[])`;

/** Reverts those that are not reverted yet; wiped messages are restored afterwards, in batches. */
const REVERT = `
  UPDATE moderation_actions a SET reverted_at = $2, reverted_by = $3, revert_reason = $4,
    content_state = CASE WHEN a.wipe_since IS NULL THEN NULL ELSE 'restoring' END
  WHERE a.id = ANY($1::uuid[]) AND a.reverted_at IS NULL
  RETURNING a.id, a.kind, a.user_id, a.scope_kind, a.scope_id, a.expires_at`;

const REMOVED = `
  SELECT m.id, m.room_id FROM removed_messages r JOIN messages m ON m.id = r.message_id WHERE r.action_id = $1`;

type Row = {
  readonly id: string;
  readonly kind: ActionKind;
  readonly user_id: string | null;
  readonly scope_kind: "room" | "lounge" | "site";
  readonly scope_id: string | null;
  readonly expires_at: Date | null;
};

async function restoreMessage(tx: pg.PoolClient, { id, kind }: Row): Promise<Batch | null> {
  if (kind !== "delete_message") return null;
  const [removed] = (await tx.query<{ id: string; room_id: string }>(REMOVED, [id])).rows;
  if (removed === undefined) return null;
  await restoreMessages(tx, [removed.id]);
  return numberChanges(tx, removed.room_id, [removed.id]);
}

/** What to revert: actions with the children of bulk actions, and why. */
type Reverting = { readonly actionIds: readonly string[]; readonly reason: string | null };

/** Finds the rooms whose messages the actions removed, to be locked before `revertActions`. */
export async function roomsOfActions(db: pg.Pool | pg.PoolClient, actionIds: readonly string[]): Promise<string[]> {
  const { rows } = await db.query<{ room_id: string | null }>(FAMILY, [actionIds]);
  return [...new Set(rows.flatMap(({ room_id }) => room_id ?? []))];
}

/**
 * Reverts actions, and the children of bulk actions: restrictions end, removed messages are restored. Actions that were reverted before
 * are left out. The users concerned are notified. Requires a transaction that has locked `roomsOfActions`. Call `finishReverts` after the
 * commit.
 */
export async function revertActions(tx: pg.PoolClient, caller: ActionCaller, { actionIds, reason }: Reverting): Promise<RevertedAction[]> {
  const family = (await tx.query<{ id: string }>(FAMILY, [actionIds])).rows.map(({ id }) => id);
  const { rows } = await tx.query<Row>(REVERT, [family, caller.now(), caller.actor?.id ?? null, reason]);
  const reverted: RevertedAction[] = [];
  for (const row of rows) {
    const { id, kind, user_id: userId, expires_at: expiresAt } = row;
    const scope = { kind: row.scope_kind, id: row.scope_id };
    reverted.push({ id, kind, userId, scope, expiresAt, batch: await restoreMessage(tx, row), notificationIds: [] });
  }
  await auditAllInTransaction(
    tx,
    caller,
    reverted.map(({ id, kind }) => ({ action: "action_reverted", subjectType: "action", subjectId: id, data: { kind } })),
  );
  return notifyUsers(tx, reverted);
}

/**
 * Undoes an action: the restriction ends and the content is restored; for a bulk action also those of its children. Reverting it again
 * changes nothing.
 * @throws AppError `not_found`, `forbidden` for all but the staff who may act on the user concerned
 */
export async function revertAction(
  ctx: Ctx<"pool" | "now" | "sessions" | "publish" | "events" | "logger">,
  { actionId, reason }: RevertActionInput,
): Promise<ActionDto> {
  authorize(mayModerateSomewhere(ctx.actor));
  const roomIds = await roomsOfActions(ctx.pool, [actionId]);
  const reverted = await inTransaction(ctx.pool, async (tx) => {
    await lockRooms(tx, roomIds);
    await authorizeRevert(tx, ctx.actor, actionId);
    return revertActions(tx, ctx, { actionIds: [actionId], reason: reason ?? null });
  });
  await finishReverts(ctx, reverted);
  const [row] = await readActions(ctx.pool, [actionId]);
  if (row === undefined) throw new AppError("not_found");
  return presentAction(row);
}
