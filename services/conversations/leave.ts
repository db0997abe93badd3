import type { RoomParams } from "../../utils/contract/rooms.ts";
import type { Ctx } from "../context.ts";
import { conversationForMember } from "./access.ts";
import { handOver } from "./hand-over.ts";
import { hold, touch } from "./touch.ts";

/**
 * Leaves a conversation, or declines one: nothing numbered afterwards reaches the actor. Who asked is not told of a no. A group goes
 * to who has been in it longest.
 * @throws AppError `not_found` for what is not one's own
 */
export async function leaveConversation(ctx: Ctx, { roomId }: RoomParams): Promise<void> {
  const { kind } = await conversationForMember(ctx, roomId);
  const place = { roomId, userId: ctx.actor.id };
  const isDeclined = await ctx.db.$transaction(async (tx) => {
    await hold(tx, roomId);
    // Even a fact that says nothing new would tell by its moment.
    const isNo = kind === "direct" && (await tx.roomMember.count({ where: { ...place, state: "requested" } })) > 0;
    await tx.roomMember.deleteMany({ where: place });
    if (!isNo) await touch(tx, roomId);
    await handOver(tx, roomId);
    return isNo;
  });
  ctx.rooms.forget(roomId);
  ctx.typing.stop(roomId, ctx.actor.id);
  ctx.publish.conversationLeft(ctx.actor.id, { roomId });
  if (!isDeclined) ctx.news.changed(roomId);
}
