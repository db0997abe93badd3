import type pg from "pg";
import type { DeletedDto, MessageParams, TombstoneDto } from "../../../utils/contract/schemas/messages.ts";
import { authorize, granted, rejected } from "../../authorize.ts";
import type { Ctx } from "../../context.ts";
import { isOwn } from "../policy.ts";
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

/**
 * Deletes the actor's own message. It becomes a tombstone, and its text is kept for the staff for 30 days.
 * @throws AppError `not_found`, also if it is deleted already, `forbidden` for another user's
 */
export async function deleteOwnMessage(
  ctx: Ctx<"pool" | "rooms" | "conversations" | "events">,
  { messageId }: MessageParams,
): Promise<DeletedDto> {
  const message = await changeMessage(ctx, messageId, ({ message: found }) => {
    authorize(isOwn(ctx.actor, found) ? granted : rejected("forbidden"));
    return { name: "delete_message", values: [] };
  });
  return { message: message as TombstoneDto };
}
