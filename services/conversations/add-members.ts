import type { Prisma } from "../../prisma/generated/client.ts";
import type { AddMembersInput, ConversationDto } from "../../utils/contract/conversations.ts";
import { limits } from "../../utils/contract/limits.ts";
import { AppError } from "../../utils/errors.ts";
import type { Ctx } from "../context.ts";
import { groupForMember, viewOf } from "./access.ts";
import { standingOf } from "./audience.ts";
import { touch } from "./touch.ts";

/** Within a transaction that holds the room: of two who add at once the second counts who the first brought. */
async function add(ctx: Ctx, tx: Prisma.TransactionClient, { roomId, userIds }: AddMembersInput): Promise<void> {
  await touch(tx, roomId);
  const members = await tx.roomMember.findMany({ where: { roomId }, select: { userId: true, state: true } });
  if (!members.some(({ userId, state }) => userId === ctx.actor.id && state === "active")) throw new AppError("not_found");
  const missing = [...new Set(userIds)].filter((id) => !members.some(({ userId }) => userId === id));
  if (members.length + missing.length > limits.groupPeople) throw new AppError("room_full", { maxCapacity: limits.groupPeople });
  const places = await standingOf(ctx, tx, missing);
  await tx.roomMember.createMany({ data: places.map((place) => ({ ...place, roomId })) });
}

/**
 * Brings people into a group; any of its members may. Who does not let the actor write at once is asked first. Who is in it already
 * stays as they are.
 * @throws AppError `not_found`, `cannot_message` when one of them is not to be written to, `room_full { maxCapacity }`
 */
export async function addMembers(ctx: Ctx, input: AddMembersInput): Promise<ConversationDto> {
  const { id } = await groupForMember(ctx, input.roomId);
  await ctx.db.$transaction((tx) => add(ctx, tx, input));
  ctx.news.changed(id);
  return viewOf(ctx, id);
}
