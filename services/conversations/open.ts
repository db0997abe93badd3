import type { Prisma } from "../../prisma/generated/client.ts";
import type { ConversationDto, OpenConversationInput } from "../../utils/contract/conversations.ts";
import { limits } from "../../utils/contract/limits.ts";
import { AppError } from "../../utils/errors.ts";
import { newId } from "../../utils/ids.ts";
import { authorize } from "../authorize.ts";
import type { Ctx } from "../context.ts";
import { viewOf } from "./access.ts";
import { standingOf } from "./audience.ts";
import { directKey } from "./direct-key.ts";
import type { Membership } from "./directory.ts";
import { readGroupName } from "./group-name.ts";
import { mayBeginConversation } from "./policy.ts";

/** The people of a new conversation, in the order in which their rows are made. */
const placesOf = (actorId: string, others: readonly Membership[]) => [
  { userId: actorId, state: "active" as const },
  ...[...others].sort((a, b) => (a.userId < b.userId ? -1 : 1)),
];

/** A conversation is paid for when it begins; opening it again is free. */
function payFor({ limits: budgets, actor, now }: Ctx) {
  const isNew = now().getTime() - actor.createdAt.getTime() < limits.newcomerMs;
  return budgets.consume(isNew ? "conversationsOfNewcomer" : "conversationsOfMember", actor.id);
}

type Direct = { readonly key: string; readonly peerId: string };

const findDirect = (tx: Prisma.TransactionClient, { key }: Direct) =>
  tx.room.findUnique({ where: { directKey: key }, select: { id: true } });

/** Of two who open it at once one makes it, and the other finds it when that is committed. @returns null for the latter */
async function makeDirect(ctx: Ctx, tx: Prisma.TransactionClient, { key, peerId }: Direct): Promise<string | null> {
  const others = await standingOf(ctx, tx, [peerId]);
  const [room] = await tx.$queryRaw<{ id: string }[]>`
    INSERT INTO rooms (id, kind, name, direct_key, owner_id) VALUES (${newId()}::uuid, 'direct', '', ${key}, ${ctx.actor.id}::uuid)
    ON CONFLICT (direct_key) DO NOTHING RETURNING id`;
  if (room === undefined) return null;
  await tx.roomMember.createMany({ data: placesOf(ctx.actor.id, others).map((place) => ({ ...place, roomId: room.id })) });
  return room.id;
}

const BLOCKED = `SELECT FROM blocks b WHERE (b.user_id, b.blocked_id) IN (($1::uuid, $2::uuid), ($2::uuid, $1::uuid))`;

/** Whoever opens a conversation takes it: one that they were asked into, or had left. */
async function takeDirect({ db, pool, actor, conversations, now }: Ctx, roomId: string, peerId: string): Promise<boolean> {
  if ((await pool.query(BLOCKED, [actor.id, peerId])).rowCount) throw new AppError("cannot_message");
  const mine = (await conversations.membersOf(roomId))?.find(({ userId }) => userId === actor.id);
  if (mine?.state === "active") return false;
  const place = { roomId, userId: actor.id };
  await db.$transaction([
    db.roomMember.upsert({ where: { roomId_userId: place }, create: place, update: { state: "active" } }),
    db.room.update({ where: { id: roomId }, data: { changedAt: now() } }),
  ]);
  return true;
}

async function openDirect(ctx: Ctx, peerId: string): Promise<ConversationDto> {
  if (peerId === ctx.actor.id) throw new AppError("conversation_with_self");
  const direct = { key: directKey(ctx.actor.id, peerId), peerId };
  let found = (await findDirect(ctx.db, direct))?.id;
  if (found === undefined) {
    // First whether it may be at all: a refusal costs nothing.
    await standingOf(ctx, ctx.db, [peerId]);
    await payFor(ctx);
    const made = await ctx.db.$transaction((tx) => makeDirect(ctx, tx, direct));
    if (made !== null) {
      ctx.news.changed(made, [ctx.actor.id]);
      return viewOf(ctx, made);
    }
    found = (await findDirect(ctx.db, direct))?.id;
  }
  if (found === undefined) throw new AppError("unavailable", { retryAfterMs: 1_000 });
  if (await takeDirect(ctx, found, peerId)) ctx.news.changed(found);
  return viewOf(ctx, found);
}

async function beginGroup(ctx: Ctx, userIds: readonly string[], name: string): Promise<ConversationDto> {
  const others = [...new Set(userIds)].filter((userId) => userId !== ctx.actor.id);
  if (others.length === 0) throw new AppError("conversation_with_self");
  await standingOf(ctx, ctx.db, others);
  await payFor(ctx);
  const roomId = await ctx.db.$transaction(async (tx) => {
    const places = placesOf(ctx.actor.id, await standingOf(ctx, tx, others));
    const members = { create: places };
    return (await tx.room.create({ data: { id: newId(), kind: "group", name, ownerId: ctx.actor.id, members } })).id;
  });
  ctx.news.changed(roomId);
  return viewOf(ctx, roomId);
}

/**
 * Opens the direct conversation with somebody, the same one however often and by whichever of the two, or begins a group. Who does
 * not let the actor write at once is asked first.
 * @throws AppError `account_required` for guests, `conversation_with_self`, `not_found` for who is not there, `cannot_message`,
 *   `text_too_long { max, path }`, `rate_limited`
 */
export async function openConversation(ctx: Ctx, { userId, userIds, name }: OpenConversationInput): Promise<ConversationDto> {
  authorize(mayBeginConversation(ctx.actor));
  return userId === undefined ? beginGroup(ctx, userIds ?? [], readGroupName(name ?? "")) : openDirect(ctx, userId);
}
