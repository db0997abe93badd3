import type { DeletedDto, MessageParams, TombstoneDto } from "../../../utils/contract/schemas/messages.ts";
import { AppError } from "../../../utils/errors.ts";
import { authorize } from "../../authorize.ts";
import type { Ctx } from "../../context.ts";
import { messageForMember } from "../../messages/changes/change.ts";
import { deleteOwnMessage } from "../../messages/changes/delete.ts";
import { isOwn, mayDelete } from "../../messages/policy.ts";
import { presentMessage } from "../../messages/present.ts";
import { readByIds } from "../../messages/queries.ts";
import { createAction } from "./create-actions.ts";

/** The rule of a deletion for which the moderator did not state one. */
const UNSTATED_RULE = "other";

/**
 * Deletes a message: the actor's own, or as staff another user's, which is a moderation action that can be undone and appealed.
 * @throws AppError `not_found`, also if it is deleted already, `forbidden` for another user's
 */
export async function deleteMessage(
  ctx: Ctx<"pool" | "now" | "rooms" | "conversations" | "sessions" | "publish" | "events" | "logger">,
  { messageId }: MessageParams,
): Promise<DeletedDto> {
  const { message, room } = await messageForMember(ctx, messageId);
  if (isOwn(ctx.actor, message)) return deleteOwnMessage(ctx, { messageId });
  authorize(mayDelete(ctx.actor, message, room));
  await createAction(ctx, { kind: "delete_message", messageId, rule: UNSTATED_RULE });
  const [row] = await readByIds(ctx.pool, [messageId]);
  if (row === undefined) throw new AppError("not_found");
  return { message: presentMessage(row) as TombstoneDto };
}
