import type { Prisma } from "../../prisma/generated/client.ts";
import type { ConversationDto, OpenConversationInput } from "../../utils/contract/schemas/conversations.ts";
import { AppError } from "../../utils/errors.ts";
import { newId } from "../../utils/ids.ts";
import { authorize } from "../authorize.ts";
import type { Call, Ctx } from "../context.ts";
import { isTrusted } from "../trust/trust-level.ts";
import { viewOf } from "./access.ts";
import type { Membership } from "./conversation-cache.ts";
import { directKey } from "./direct-key.ts";
import { readGroupName } from "./group-name.ts";
import { changeConversation, markChanged } from "./lock-conversation.ts";
import { resolveInviteStates } from "./members/contact-permission.ts";
import { insertMembers } from "./members/insert-members.ts";
import { mayBeginConversation } from "./policy.ts";

/** Returns the members of a new conversation. */
const withActor = ({ actor }: Call, others: readonly Membership[]): Membership[] => [{ userId: actor.id, state: "active" }, ...others];

/** Enforces the rate limit for new conversations; opening an existing one is free. */
const consumeInviteBudget = ({ limits, actor }: Ctx<"limits">) =>
  limits.consume(isTrusted(actor) ? "conversationsOfMember" : "conversationsOfNewcomer", actor.id);

type Direct = { readonly key: string; readonly peerId: string };

const findDirect = (tx: Prisma.TransactionClient, { key }: Direct) =>
  tx.room.findUnique({ where: { directKey: key }, select: { id: true } });

/**
 * Creates a direct conversation. If two users open it concurrently, one creates it and the other finds it after the commit. @returns null
 * for the latter
 */
async function makeDirect(ctx: Ctx<"now">, tx: Prisma.TransactionClient, { key, peerId }: Direct): Promise<string | null> {
  const others = await resolveInviteStates(ctx, tx, { userIds: [peerId], roomId: null, kind: "direct" });
  const [room] = await tx.$queryRaw<{ id: string }[]>`
    INSERT INTO rooms (id, kind, name, direct_key, owner_id) VALUES (${newId()}::uuid, 'direct', '', ${key}, ${ctx.actor.id}::uuid)
    ON CONFLICT (direct_key) DO NOTHING RETURNING id`;
  if (room === undefined) return null;
  await insertMembers(tx, { roomId: room.id, members: withActor(ctx, others), invitedBy: ctx.actor.id });
  return room.id;
}

const isBlockedBetween = async (tx: Prisma.TransactionClient, one: string, other: string): Promise<boolean> =>
  (await tx.block.count({
    where: {
      OR: [
        { userId: one, blockedId: other },
        { userId: other, blockedId: one },
      ],
    },
  })) > 0;

/**
 * Joins an existing direct conversation: opening it accepts it, also after a request or after leaving. @returns whether anything changed
 */
async function enterDirect({ db, actor, conversations }: Ctx<"db" | "conversations">, roomId: string, peerId: string): Promise<boolean> {
  if (await isBlockedBetween(db, actor.id, peerId)) throw new AppError("cannot_message");
  const membership = (await conversations.membersOf(roomId))?.find(({ userId }) => userId === actor.id);
  if (membership?.state === "active") return false;
  await changeConversation(db, roomId, async (tx) => {
    if (await isBlockedBetween(tx, actor.id, peerId)) throw new AppError("cannot_message");
    await tx.$executeRaw`
      INSERT INTO room_members (room_id, user_id) VALUES (${roomId}::uuid, ${actor.id}::uuid)
      ON CONFLICT (room_id, user_id) DO UPDATE SET state = 'active'`;
    await markChanged(tx, roomId);
  });
  return true;
}

async function openDirect(
  ctx: Ctx<"db" | "pool" | "now" | "conversations" | "conversationNotifier" | "limits">,
  peerId: string,
): Promise<ConversationDto> {
  if (peerId === ctx.actor.id) throw new AppError("conversation_with_self");
  const direct = { key: directKey(ctx.actor.id, peerId), peerId };
  let found = (await findDirect(ctx.db, direct))?.id;
  if (found === undefined) {
    // The permission is checked first: a rejected call does not consume the rate limit.
    await resolveInviteStates(ctx, ctx.db, { userIds: [peerId], roomId: null, kind: "direct" });
    await consumeInviteBudget(ctx);
    const made = await ctx.db.$transaction((tx) => makeDirect(ctx, tx, direct));
    if (made !== null) {
      ctx.conversationNotifier.notifyChanged(made, [ctx.actor.id]);
      return viewOf(ctx, made);
    }
    found = (await findDirect(ctx.db, direct))?.id;
  }
  if (found === undefined) throw new AppError("unavailable", { retryAfterMs: 1_000 });
  if (await enterDirect(ctx, found, peerId)) ctx.conversationNotifier.notifyChanged(found);
  return viewOf(ctx, found);
}

async function beginGroup(
  ctx: Ctx<"db" | "pool" | "now" | "conversationNotifier" | "limits">,
  userIds: readonly string[],
  name: string,
): Promise<ConversationDto> {
  const others = [...new Set(userIds)].filter((userId) => userId !== ctx.actor.id);
  if (others.length === 0) throw new AppError("conversation_with_self");
  const invitees = { userIds: others, roomId: null, kind: "group" } as const;
  await resolveInviteStates(ctx, ctx.db, invitees);
  await consumeInviteBudget(ctx);
  const roomId = await ctx.db.$transaction(async (tx) => {
    const members = withActor(ctx, await resolveInviteStates(ctx, tx, invitees));
    const { id } = await tx.room.create({ data: { id: newId(), kind: "group", name, ownerId: ctx.actor.id } });
    await insertMembers(tx, { roomId: id, members, invitedBy: ctx.actor.id });
    return id;
  });
  ctx.conversationNotifier.notifyChanged(roomId);
  return viewOf(ctx, roomId);
}

/**
 * Opens the direct conversation with a user, always the same one for both, or creates a group. Users who do not let the actor write
 * directly receive a request.
 * @throws AppError `account_required` for guests, `conversation_with_self`, `not_found` for an unknown user, `cannot_message`,
 * `text_too_long { max, path }`, `rate_limited`
 */
export async function openConversation(
  ctx: Ctx<"db" | "pool" | "now" | "conversations" | "conversationNotifier" | "limits">,
  { userId, userIds, name }: OpenConversationInput,
): Promise<ConversationDto> {
  authorize(mayBeginConversation(ctx.actor));
  return userId === undefined ? beginGroup(ctx, userIds ?? [], readGroupName(name ?? "")) : openDirect(ctx, userId);
}
