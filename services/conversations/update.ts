import type { ConversationDto, UpdateConversationInput } from "../../utils/contract/schemas/conversations.ts";
import { AppError } from "../../utils/errors.ts";
import type { Ctx } from "../context.ts";
import { groupForMember, viewOf } from "./access.ts";
import { readGroupName } from "./group-name.ts";
import { changeConversation } from "./lock-conversation.ts";
import { isActiveMember } from "./members/insert-members.ts";

/**
 * Renames a group; any active member may do so.
 * @throws AppError `not_found` when the actor is not in it, `text_too_long { max, path }`, `invalid_input`
 */
export async function updateConversation(
  ctx: Ctx<"db" | "pool" | "now" | "rooms" | "conversations" | "conversationNotifier">,
  input: UpdateConversationInput,
): Promise<ConversationDto> {
  const { id } = await groupForMember(ctx, input.roomId);
  const name = readGroupName(input.name);
  await changeConversation(ctx.db, id, async (tx) => {
    if (!(await isActiveMember(tx, id, ctx.actor.id))) throw new AppError("not_found");
    await tx.room.update({ where: { id }, data: { name } });
  });
  ctx.rooms.forget(id);
  ctx.conversationNotifier.notifyChanged(id);
  return viewOf(ctx, id);
}
