import type { ConversationDto, UpdateConversationInput } from "../../utils/contract/conversations.ts";
import { AppError } from "../../utils/errors.ts";
import type { Ctx } from "../context.ts";
import { groupForMember, viewOf } from "./access.ts";
import { readGroupName } from "./group-name.ts";

/**
 * Names a group; any of its members may.
 * @throws AppError `not_found` for what is not one's own, `text_too_long { max, path }`, `invalid_input`
 */
export async function updateConversation(ctx: Ctx, input: UpdateConversationInput): Promise<ConversationDto> {
  const { id } = await groupForMember(ctx, input.roomId);
  const { count } = await ctx.db.room.updateMany({
    where: { id, members: { some: { userId: ctx.actor.id, state: "active" } } },
    data: { name: readGroupName(input.name) },
  });
  if (count === 0) throw new AppError("not_found");
  ctx.rooms.forget(id);
  ctx.news.changed(id);
  return viewOf(ctx, id);
}
