import type { Prisma } from "../../../prisma/generated/client.ts";
import { limits } from "../../../utils/contract/limits.ts";
import type { AddMembersInput, ConversationDto } from "../../../utils/contract/schemas/conversations.ts";
import { AppError } from "../../../utils/errors.ts";
import type { Ctx } from "../../context.ts";
import { groupForMember, viewOf } from "../access.ts";
import { changeConversation, markChanged } from "../lock-conversation.ts";
import { resolveInviteStates } from "./contact-permission.ts";
import { insertMembers } from "./insert-members.ts";

/** Adds members in a transaction that has locked the room: of two concurrent calls the second counts the members that the first added. */
async function add(ctx: Ctx<"now">, tx: Prisma.TransactionClient, { roomId, userIds }: AddMembersInput): Promise<void> {
  const members = await tx.roomMember.findMany({ where: { roomId }, select: { userId: true, state: true } });
  if (!members.some(({ userId, state }) => userId === ctx.actor.id && state === "active")) throw new AppError("not_found");
  const missing = [...new Set(userIds)].filter((id) => !members.some(({ userId }) => userId === id));
  if (members.length + missing.length > limits.groupPeople) throw new AppError("room_full", { maxCapacity: limits.groupPeople });
  const joining = await resolveInviteStates(ctx, tx, { userIds: missing, roomId, kind: "group" });
  await insertMembers(tx, { roomId, members: joining, invitedBy: ctx.actor.id });
  await markChanged(tx, roomId);
}

/**
 * Adds people to a group; any active member may do so. People who do not let the actor write directly receive an invitation. Existing
 * members stay unchanged.
 * @throws AppError `not_found`, `cannot_message` when a user does not accept messages from the actor or has recently declined this
 * group, `room_full { maxCapacity }`
 */
export async function addMembers(
  ctx: Ctx<"db" | "pool" | "now" | "rooms" | "conversations" | "conversationNotifier">,
  input: AddMembersInput,
): Promise<ConversationDto> {
  const { id } = await groupForMember(ctx, input.roomId);
  await changeConversation(ctx.db, id, (tx) => add(ctx, tx, input));
  ctx.conversationNotifier.notifyChanged(id);
  return viewOf(ctx, id);
}
