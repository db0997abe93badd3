import type pg from "pg";
import type { HeldMessageDto } from "../../../utils/contract/schemas/messages.ts";
import { AppError } from "../../../utils/errors.ts";
import { newId } from "../../../utils/ids.ts";
import { type AuditCaller, auditInTransaction } from "../../audit/record.ts";
import type { DomainEventBus } from "../../domain-events.ts";
import { numberChanges } from "../../messages/changes/change.ts";
import { isHeld, type MessageRow, presentHeld } from "../../messages/present.ts";
import { readByIds } from "../../messages/queries.ts";
import type { PendingNotification } from "../../messages/writer/draft.ts";
import { insertNotifications, notificationsOf } from "../../messages/writer/pending-notifications.ts";
import type { Batch } from "../../realtime/batch.ts";
import type { RoomRecord } from "../../rooms/room-cache.ts";
import { requireSendAccess } from "../../rooms/send-access.ts";

/** The room's row is locked; `numberChanges` increments its counter to this number. */
const APPROVE = `
  UPDATE messages m SET moderation = 'approved', seq = r.last_seq + 1, changed_seq = r.last_seq + 1
  FROM rooms r WHERE r.id = m.room_id AND m.id = $1`;

const REJECT = "UPDATE messages SET moderation = 'removed' WHERE id = $1";

/** Locks a message that still waits for review until the end of the transaction; null if it does not. */
async function lockPending(tx: pg.PoolClient, messageId: string): Promise<MessageRow | null> {
  await tx.query("SELECT FROM messages WHERE id = $1 FOR NO KEY UPDATE", [messageId]);
  const [row] = await readByIds(tx, [messageId]);
  return row !== undefined && isHeld(row) && row.moderation === "pending" ? row : null;
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

/** @throws AppError `cannot_message` if the author may no longer write there, for whatever reason */
async function requireAuthorAccess(tx: pg.PoolClient, room: RoomRecord, authorId: string): Promise<void> {
  try {
    await requireSendAccess(tx, room, authorId);
  } catch (error) {
    // The restrictions of the author would read like those of the moderator.
    throw error instanceof AppError ? new AppError("cannot_message") : error;
  }
}

/** A message of a case, and its room. */
type HeldMessage = { readonly messageId: string; readonly room: RoomRecord | undefined };

/** What an approval publishes once it is committed. */
export type Approval = { readonly batch: Batch | null; readonly notificationIds: readonly string[] };

/** Publishes an approved message and its notifications after the commit. */
export function publishApproval(events: DomainEventBus, { batch, notificationIds }: Approval): void {
  if (batch !== null) events.publish("roomChanged", batch);
  events.publish("notificationsCreated", { ids: notificationIds });
}

/**
 * Approves a held message: it takes the next number of its room. Requires a transaction that has locked the room.
 * @throws AppError `not_found` if it does not wait for review, `cannot_message` if its author may no longer write there
 */
export async function approveHeld(tx: pg.PoolClient, caller: AuditCaller, { messageId, room }: HeldMessage): Promise<Approval> {
  const row = await lockPending(tx, messageId);
  if (row === null || room === undefined) throw new AppError("not_found");
  // While it waits it counts as the one allowed message of its request: it is marked as rejected first, to check whether it may be sent
  // now.
  await tx.query(REJECT, [messageId]);
  await requireAuthorAccess(tx, room, row.author_id);
  await tx.query(APPROVE, [messageId]);
  const notificationIds = await insertNotifications(tx, messageId, await currentNotifications(tx, room, row));
  await auditInTransaction(tx, caller, { action: "message_approved", subjectType: "message", subjectId: messageId });
  return { batch: await numberChanges(tx, room.id, [messageId]), notificationIds };
}

/**
 * Rejects a held message: only its author sees it, until it is purged after 30 days. @returns the message; null if it does not wait
 * anymore, for example because its author was erased
 */
export async function rejectHeld(tx: pg.PoolClient, caller: AuditCaller, messageId: string): Promise<HeldMessageDto | null> {
  const row = await lockPending(tx, messageId);
  if (row === null) return null;
  await tx.query(REJECT, [messageId]);
  await auditInTransaction(tx, caller, { action: "message_rejected", subjectType: "message", subjectId: messageId });
  return presentHeld({ ...row, moderation: "removed" });
}
