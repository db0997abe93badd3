import type pg from "pg";
import type { DeletedDto, MessageParams, TombstoneDto } from "../../../utils/contract/schemas/messages.ts";
import { auditInTransaction } from "../../audit/record.ts";
import { authorize } from "../../authorize.ts";
import type { Ctx } from "../../context.ts";
import { mayDelete } from "../policy.ts";
import { changeMessage } from "./change.ts";

/** Of a deleted message its place is left, and nothing else. */
const EMPTIED = "text = '', reactions = '[]', mentions = '{}', pinned_at = NULL, reply_to_id = NULL";

const EMPTY = `UPDATE messages SET ${EMPTIED}, deleted_at = now() WHERE id = ANY($1::uuid[])`;

/** Empties messages, and removes what was said under them and told of them. */
export async function emptyMessages(tx: pg.PoolClient, ids: readonly string[]): Promise<void> {
  await tx.query(EMPTY, [ids]);
  await tx.query("DELETE FROM reactions WHERE message_id = ANY($1::uuid[])", [ids]);
  await tx.query("DELETE FROM notifications WHERE message_id = ANY($1::uuid[])", [ids]);
}

/** A deletion by staff is audited in the transaction that makes it. */
const auditOf = (ctx: Ctx, messageId: string) => (tx: pg.PoolClient) =>
  auditInTransaction(tx, ctx, { action: "message_deleted", subjectType: "message", subjectId: messageId });

/**
 * Deletes a message: the actor's own, or as staff another person's. Its place stays as a tombstone, and its text is kept for the staff
 * for 30 days.
 * @throws AppError `not_found` also where it is deleted already, `forbidden` for another person's
 */
export async function deleteMessage(ctx: Ctx, { messageId }: MessageParams): Promise<DeletedDto> {
  const message = await changeMessage(ctx, messageId, ({ message: found, room }) => {
    authorize(mayDelete(ctx.actor, found, room));
    const isOwn = found.author_id === ctx.actor.id;
    return { name: "delete_message", values: [], ...(!isOwn && { beside: auditOf(ctx, messageId) }) };
  });
  return { message: message as TombstoneDto };
}
