import type pg from "pg";
import { inTransaction } from "../../prisma/transaction.ts";
import type { HeldMessageDto, LiveMessageDto } from "../../utils/contract/schemas/messages.ts";
import type { DecidedDto, DecideHeldInput } from "../../utils/contract/schemas/moderation.ts";
import { AppError } from "../../utils/errors.ts";
import { newId } from "../../utils/ids.ts";
import { auditInTransaction } from "../audit/record.ts";
import { authorize } from "../authorize.ts";
import type { Ctx } from "../context.ts";
import { changeRoom } from "../messages/changes/change.ts";
import { isHeld, type MessageRow, presentHeld } from "../messages/present.ts";
import { readByIds } from "../messages/queries.ts";
import type { PendingNotification } from "../messages/writer/draft.ts";
import { insertNotifications, notificationsOf } from "../messages/writer/pending-notifications.ts";
import { publishNotifications } from "../notifications/publish.ts";
import type { RoomRecord } from "../rooms/room-cache.ts";
import { requireSendAccess } from "../rooms/send-access.ts";
import { mayDecideHeld, mayReviewMessages } from "./policy.ts";

/** The room's counter is held; `numberChanges` moves it to this number. */
const APPROVE = `
  UPDATE messages m SET moderation = 'approved', seq = r.last_seq + 1, changed_seq = r.last_seq + 1
  FROM rooms r WHERE r.id = m.room_id AND m.id = $1`;

const REJECT = "UPDATE messages SET moderation = 'removed' WHERE id = $1";

/** A message that still waits, held until the end of the transaction. @throws AppError `not_found` */
async function pendingMessage(tx: pg.PoolClient, messageId: string): Promise<MessageRow> {
  await tx.query("SELECT FROM messages WHERE id = $1 FOR NO KEY UPDATE", [messageId]);
  const [row] = await readByIds(tx, [messageId]);
  if (row === undefined || !isHeld(row) || row.moderation !== "pending") throw new AppError("not_found");
  return row;
}

const ANSWERED = "SELECT author_id FROM messages WHERE id = $1 AND deleted_at IS NULL";

/** Who did not take this conversation yet. */
const ASKED = "SELECT user_id FROM room_members WHERE room_id = $1 AND user_id <> $2 AND state = 'requested'";

/** Whom the message concerns now; when it was written nobody was told. */
async function currentNotifications(tx: pg.PoolClient, room: RoomRecord, row: MessageRow): Promise<PendingNotification[]> {
  if (room.kind === "direct") {
    const { rows } = await tx.query<{ user_id: string }>(ASKED, [room.id, row.author_id]);
    return rows.map(({ user_id: userId }) => ({ id: newId(), userId, kind: "message_request" }));
  }
  const { rows } = await tx.query<{ author_id: string }>(ANSWERED, [row.reply_to_id]);
  return notificationsOf(tx, room, { authorId: row.author_id, mentions: row.mentions, answeredId: rows[0]?.author_id ?? null });
}

async function approveMessage(ctx: Ctx, messageId: string): Promise<LiveMessageDto> {
  const [known] = await readByIds(ctx.pool, [messageId]);
  const room = known && (await ctx.rooms.find(known.room_id));
  if (room === undefined) throw new AppError("not_found");
  let told: string[] = [];
  const batch = await changeRoom(ctx, room.id, async (tx) => {
    const row = await pendingMessage(tx, messageId);
    authorize(mayDecideHeld(ctx.actor, row));
    // While it waits it counts as the one message of its request: it is set aside to see whether it may be sent now.
    await tx.query(REJECT, [messageId]);
    await requireSendAccess(tx, room, row.author_id);
    await tx.query(APPROVE, [messageId]);
    told = await insertNotifications(tx, messageId, await currentNotifications(tx, room, row));
    await auditInTransaction(tx, ctx, { action: "message_approved", subjectType: "message", subjectId: messageId });
    return [messageId];
  });
  await publishNotifications(ctx, told);
  return batch?.messages[0] as LiveMessageDto;
}

async function rejectMessage(ctx: Ctx, messageId: string): Promise<HeldMessageDto> {
  const row = await inTransaction(ctx.pool, async (tx) => {
    const pending = await pendingMessage(tx, messageId);
    authorize(mayDecideHeld(ctx.actor, pending));
    await tx.query(REJECT, [messageId]);
    await auditInTransaction(tx, ctx, { action: "message_refused", subjectType: "message", subjectId: messageId });
    return pending;
  });
  const message = presentHeld({ ...row, moderation: "removed" });
  ctx.publish.messageQueuedForReview(row.author_id, { message });
  return message;
}

/**
 * Lets a held message through: it takes the next number of its room and is announced as if it had just been said. Or refuses it: its
 * author is told, nobody else ever sees it, and it is forgotten after 30 days.
 * Nobody decides about their own message, nor about that of an equal or a superior; admins decide about everybody else's.
 * @throws AppError `forbidden` for all but staff above the author, `not_found` for what does not wait any more, `cannot_message` where its author may
 *   not write there by now
 */
export async function resolveReview(ctx: Ctx, { messageId, outcome }: DecideHeldInput): Promise<DecidedDto> {
  authorize(mayReviewMessages(ctx.actor));
  return { message: outcome === "approve" ? await approveMessage(ctx, messageId) : await rejectMessage(ctx, messageId) };
}
