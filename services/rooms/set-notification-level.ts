import type { SetLevelInput } from "../../utils/contract/schemas/conversations.ts";
import { AppError } from "../../utils/errors.ts";
import type { Ctx } from "../context.ts";
import { roomForMember } from "./access.ts";

/**
 * Sets the actor's notification level of a room.
 * @throws AppError `not_found`, the errors of entering the room
 */
export async function setLevel(
  ctx: Ctx<"db" | "rooms" | "joinLoader" | "conversations" | "conversationNotifier">,
  { roomId, level }: SetLevelInput,
): Promise<void> {
  const room = await roomForMember(ctx, roomId);
  if (room.kind === "language") await ctx.joinLoader.enter(room.id, ctx.actor.id);
  const { count } = await ctx.db.roomMember.updateMany({ where: { roomId, userId: ctx.actor.id }, data: { level } });
  if (count === 0) throw new AppError("not_found");
  if (room.kind !== "language") ctx.conversationNotifier.notifyChanged(roomId, [ctx.actor.id]);
}
