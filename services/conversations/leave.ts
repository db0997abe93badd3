import type { RoomParams } from "../../utils/contract/rooms.ts";
import type { Ctx } from "../context.ts";
import { conversationForMember } from "./access.ts";
import { handOver } from "./hand-over.ts";
import { touch } from "./touch.ts";

/**
 * Leaves a conversation, or declines one: nothing numbered afterwards reaches the actor. Who asked is not told of a no. A group goes
 * to who has been in it longest.
 * @throws AppError `not_found` for what is not one's own
 */
export async function leaveConversation(ctx: Ctx, { roomId }: RoomParams): Promise<void> {
  await conversationForMember(ctx, roomId);
  await ctx.db.$transaction(async (tx) => {
    await touch(tx, roomId);
    await tx.roomMember.deleteMany({ where: { roomId, userId: ctx.actor.id } });
    await handOver(tx, roomId);
  });
  ctx.rooms.forget(roomId);
  ctx.typing.stop(roomId, ctx.actor.id);
  ctx.publish.conversationLeft(ctx.actor.id, { roomId });
  ctx.news.changed(roomId);
}
