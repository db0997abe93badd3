import type pg from "pg";
import type { DeletedDto, MessageParams, TombstoneDto } from "../../../utils/contract/schemas/messages.ts";
import { auditInTransaction } from "../../audit/record.ts";
import { authorize } from "../../authorize.ts";
import type { Call, Ctx } from "../../context.ts";
import { mayDelete } from "../policy.ts";
import { changeMessage } from "./change.ts";

/** A deleted message keeps its number and metadata, but no content. */
const EMPTIED = "text = '', reactions = '[]', mentions = '{}', pinned_at = NULL, reply_to_id = NULL";

const EMPTY = `UPDATE messages SET ${EMPTIED}, deleted_at = now() WHERE id = ANY($1::uuid[])`;

/** Clears the content of messages, and deletes their reactions and notifications. */
export async function emptyMessages(tx: pg.PoolClient, ids: readonly string[]): Promise<void> {
  await tx.query(EMPTY, [ids]);
  await tx.query("DELETE FROM reactions WHERE message_id = ANY($1::uuid[])", [ids]);
  await tx.query("DELETE FROM notifications WHERE message_id = ANY($1::uuid[])", [ids]);
}

/** Audits a deletion by staff in the transaction of the deletion. */
const auditOf = (ctx: Call, messageId: string) => (tx: pg.PoolClient) =>
  auditInTransaction(tx, ctx, { action: "message_deleted", subjectType: "message", subjectId: messageId });

/**
 * Deletes a message: the actor's own, or as staff another user's. It becomes a tombstone, and its text is kept for the staff for 30 days.
 * @throws AppError `not_found`, also if it is deleted already, `forbidden` for another user's
 */
export async function deleteMessage(
  ctx: Ctx<"pool" | "rooms" | "conversations" | "events">,
  { messageId }: MessageParams,
): Promise<DeletedDto> {
  const message = await changeMessage(ctx, messageId, ({ message: found, room }) => {
    authorize(mayDelete(ctx.actor, found, room));
    const isOwn = found.author_id === ctx.actor.id;
    return { name: "delete_message", values: [], ...(!isOwn && { extraWork: auditOf(ctx, messageId) }) };
  });
  return { message: message as TombstoneDto };
}
