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
import type { RoomRecord } from "../rooms/room-cache.ts";
import { requireSendAccess } from "../rooms/send-access.ts";
import { mayDecideHeld, mayReviewMessages } from "./policy.ts";

/** The room's row is locked; `numberChanges` increments its counter to this number. */
const APPROVE = `
  UPDATE messages m SET moderation = 'approved', seq = r.last_seq + 1, changed_seq = r.last_seq + 1
  FROM rooms r WHERE r.id = m.room_id AND m.id = $1`;

const REJECT = "UPDATE messages SET moderation = 'removed' WHERE id = $1";

/** Locks a message that still waits for review until the end of the transaction. @throws AppError `not_found` */
async function pendingMessage(tx: pg.PoolClient, messageId: string): Promise<MessageRow> {
  await tx.query("SELECT FROM messages WHERE id = $1 FOR NO KEY UPDATE", [messageId]);
  const [row] = await readByIds(tx, [messageId]);
  if (row === undefined || !isHeld(row) || row.moderation !== "pending") throw new AppError("not_found");
  return row;
}

const ANSWERED = "SELECT author_id FROM messages WHERE id = $1 AND deleted_at IS NULL";

/** The members who have not accepted this conversation yet. */
const ASKED = "SELECT user_id FROM room_members WHERE room_id = $1 AND user_id <> $2 AND state = 'requested'";

/** Returns the current notifications of the message; none were created when it was written. */
async function currentNotifications(tx: pg.PoolClient, room: RoomRecord, row: MessageRow): Promise<PendingNotification[]> {
  if (room.kind === "direct") {
    const { rows } = await tx.query<{ user_id: string }>(ASKED, [room.id, row.author_id]);
    return rows.map(({ user_id: userId }) => ({ id: newId(), userId, kind: "message_request" }));
  }
  const { rows } = await tx.query<{ author_id: string }>(ANSWERED, [row.reply_to_id]);
  return notificationsOf(tx, room, { authorId: row.author_id, mentions: row.mentions, answeredId: rows[0]?.author_id ?? null });
}

async function approveMessage(ctx: Ctx<"pool" | "rooms" | "events">, messageId: string): Promise<LiveMessageDto> {
  const [known] = await readByIds(ctx.pool, [messageId]);
  const room = known && (await ctx.rooms.find(known.room_id));
  if (room === undefined) throw new AppError("not_found");
  let notificationIds: string[] = [];
  const batch = await changeRoom(ctx, room.id, async (tx) => {
    const row = await pendingMessage(tx, messageId);
    authorize(mayDecideHeld(ctx.actor, row));
    // While it waits it counts as the one allowed message of its request: it is marked as rejected first, to check whether it may be sent
    // now.
    await tx.query(REJECT, [messageId]);
    await requireSendAccess(tx, room, row.author_id);
    await tx.query(APPROVE, [messageId]);
    notificationIds = await insertNotifications(tx, messageId, await currentNotifications(tx, room, row));
    await auditInTransaction(tx, ctx, { action: "message_approved", subjectType: "message", subjectId: messageId });
    return [messageId];
  });
  ctx.events.publish("notificationsCreated", { ids: notificationIds });
  return batch?.messages[0] as LiveMessageDto;
}

async function rejectMessage(ctx: Ctx<"pool" | "publish">, messageId: string): Promise<HeldMessageDto> {
  const row = await inTransaction(ctx.pool, async (tx) => {
    const pending = await pendingMessage(tx, messageId);
    authorize(mayDecideHeld(ctx.actor, pending));
    await tx.query(REJECT, [messageId]);
    await auditInTransaction(tx, ctx, { action: "message_rejected", subjectType: "message", subjectId: messageId });
    return pending;
  });
  const message = presentHeld({ ...row, moderation: "removed" });
  ctx.publish.messageQueuedForReview(row.author_id, { message });
  return message;
}

/**
 * Approves or rejects a message in the moderation queue. An approved message takes the next number of its room and is published like a new
 * one. A rejected message is published only to its author, is never visible to others, and is purged after 30 days. Staff cannot resolve
 * their own messages, nor those of users with an equal or higher role; admins can resolve all messages but their own.
 * @throws AppError `forbidden` for everyone but staff above the author, `not_found` if it does not wait for review, `cannot_message` if
 * its author may no longer write there
 */
export async function resolveReview(
  ctx: Ctx<"pool" | "rooms" | "events" | "publish">,
  { messageId, outcome }: DecideHeldInput,
): Promise<DecidedDto> {
  authorize(mayReviewMessages(ctx.actor));
  return { message: outcome === "approve" ? await approveMessage(ctx, messageId) : await rejectMessage(ctx, messageId) };
}
