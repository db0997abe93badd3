import type pg from "pg";
import type { DeletedDto, MessageParams, TombstoneDto } from "../../utils/contract/messages.ts";
import { authorize } from "../authorize.ts";
import type { Ctx } from "../context.ts";
import { changeMessage } from "./change.ts";
import { mayDelete } from "./policy.ts";
import { keepVersion } from "./versions.ts";

/** Of a deleted message its place is left, and nothing else. */
const EMPTIED = "text = '', reactions = '[]', mentions = '{}', pinned_at = NULL, reply_to_id = NULL";

const EMPTY = `UPDATE messages SET ${EMPTIED}, deleted_at = now() WHERE id = ANY($1::uuid[])`;

/** Empties messages, and removes what was said under them and told of them. */
export async function emptyMessages(tx: pg.PoolClient, ids: readonly string[]): Promise<void> {
  await tx.query(EMPTY, [ids]);
  await tx.query("DELETE FROM reactions WHERE message_id = ANY($1::uuid[])", [ids]);
  await tx.query("DELETE FROM notifications WHERE message_id = ANY($1::uuid[])", [ids]);
}

/**
 * Takes a message away: one's own, or as staff another's. Its place stays, and what it said is kept for the staff for 30 days.
 * @throws AppError `not_found` also where it is deleted already, `forbidden` for another's
 */
export async function deleteMessage(ctx: Ctx, { messageId }: MessageParams): Promise<DeletedDto> {
  const message = await changeMessage(ctx, messageId, async (tx, found, room) => {
    authorize(mayDelete(ctx.actor, found, room));
    await keepVersion(tx, found, { isDeleted: true });
    await emptyMessages(tx, [messageId]);
    return "message and replies";
  });
  return { message: message as TombstoneDto };
}
