import type pg from "pg";
import { inTransaction } from "../../../prisma/transaction.ts";
import type { Ctx } from "../../context.ts";
import { lockRoom } from "../../rooms/lock-room.ts";
import type { RoomRecord } from "../../rooms/room-cache.ts";
import { closeCase } from "../cases/close-case.ts";
import { type Approval, approveHeld, publishApproval } from "../cases/held.ts";

type ReleaseCtx = Ctx<"pool" | "now" | "rooms" | "publish" | "events" | "logger">;

/** The messages that still wait because of a raid mode, oldest first. Those that another active raid mode would hold keep waiting for it. */
const OPEN = `
  SELECT h.message_id AS id, m.room_id FROM raid_holds h JOIN messages m ON m.id = h.message_id AND m.seq IS NULL AND m.moderation = 'pending'
  JOIN rooms r ON r.id = m.room_id
  WHERE h.raid_mode_id = $1 AND NOT EXISTS (
    SELECT FROM raid_modes o WHERE o.id <> $1 AND o.ended_at IS NULL AND o.ends_at > $2 AND 'first_messages_held' = ANY(o.measures)
      AND (o.scope_kind = 'site' OR o.scope_id IN (r.id, r.lounge_id)))
  ORDER BY m.created_at, m.id`;

type Held = { readonly id: string; readonly room_id: string };

/** The case of a held message, locked until the end of the transaction. */
const CASE = `
  SELECT id FROM moderation_cases WHERE target_kind = 'message' AND target_id = $1 AND kind = 'held' AND NOT is_resolved FOR NO KEY UPDATE`;

type Released = { readonly approval: Approval; readonly caseIds: readonly string[] };

/** A reported message stays in its case: staff decide about it. */
const IS_REPORTED = `
  SELECT FROM reports p JOIN moderation_cases c ON c.id = p.case_id
  WHERE c.target_kind = 'message' AND c.target_id = $1 AND NOT c.is_resolved`;

async function release(ctx: ReleaseCtx, tx: pg.PoolClient, { id, room }: { id: string; room: RoomRecord }): Promise<Released | null> {
  await lockRoom(tx, room.id);
  if ((await tx.query(IS_REPORTED, [id])).rowCount !== 0) return null;
  const approval = await approveHeld(tx, ctx, { messageId: id, room });
  const caseIds = (await tx.query<{ id: string }>(CASE, [id])).rows.map((row) => row.id);
  for (const caseId of caseIds) await closeCase(tx, { caseId, outcome: "approved", note: null, userId: ctx.actor.id, at: ctx.now() });
  return { approval, caseIds };
}

async function releaseOne(ctx: ReleaseCtx, held: Held): Promise<void> {
  const room = await ctx.rooms.find(held.room_id);
  if (room === undefined) return;
  const released = await inTransaction(ctx.pool, (tx) => release(ctx, tx, { id: held.id, room }));
  if (released === null) return;
  const { approval, caseIds } = released;
  publishApproval(ctx.events, approval);
  for (const id of caseIds) ctx.events.publish("caseChanged", { id });
}

/**
 * Sends the messages that wait for review only because of a raid mode, one by one. One whose author may no longer write, or that staff
 * decide meanwhile, is left as it is.
 */
export async function releaseHolds(ctx: ReleaseCtx, raidModeId: string): Promise<void> {
  const { rows } = await ctx.pool.query<Held>(OPEN, [raidModeId, ctx.now()]);
  for (const held of rows) {
    try {
      await releaseOne(ctx, held);
    } catch (error) {
      ctx.logger.info("could not release a held message after a raid", { requestId: ctx.requestId, messageId: held.id, error });
    }
  }
}
