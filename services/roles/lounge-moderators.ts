import type { Prisma } from "../../prisma/generated/client.ts";
import type { LoungeModeratorParams } from "../../utils/contract/schemas/moderation/records.ts";
import { AppError } from "../../utils/errors.ts";
import { type AuditAction, auditRow } from "../audit/record.ts";
import { requireRecentAuth } from "../auth/factors/recent-auth.ts";
import { invalidateActor } from "../auth/sessions/invalidate-actor.ts";
import { authorize } from "../authorize.ts";
import type { Call, Ctx } from "../context.ts";
import { isActiveUser, lockUser } from "../users/lock-user.ts";
import { mayChangeRoles, mayReceiveRole } from "./policy.ts";
import { lockRoles } from "./role-repository.ts";

type Tx = Prisma.TransactionClient;

/** Locks the roles and checks that the caller may still change them. @throws AppError `forbidden` */
async function authorizeInTransaction(ctx: Call, tx: Tx): Promise<void> {
  await lockRoles(tx);
  const caller = await tx.user.findFirst({ where: { id: ctx.actor.id, ...isActiveUser } });
  authorize(mayChangeRoles({ ...ctx.actor, role: caller?.role ?? "guest" }));
}

type Change = LoungeModeratorParams & { readonly action: AuditAction };

const record = (ctx: Call, tx: Tx, { action, userId, loungeId }: Change) =>
  tx.auditEntry.create({
    data: auditRow(ctx, { action, subjectType: "user", subjectId: userId, data: { loungeId, sessionId: ctx.actor.sessionId } }),
  });

async function add(ctx: Call, tx: Tx, { loungeId, userId }: LoungeModeratorParams): Promise<boolean> {
  await authorizeInTransaction(ctx, tx);
  await lockUser(tx, userId);
  const user = await tx.user.findFirst({ where: { id: userId, ...isActiveUser } });
  if (user === null || (await tx.lounge.count({ where: { id: loungeId } })) === 0) throw new AppError("not_found");
  authorize(mayReceiveRole(ctx.actor, user));
  const { count } = await tx.loungeModerator.createMany({ data: [{ loungeId, userId }], skipDuplicates: true });
  if (count > 0) await record(ctx, tx, { loungeId, userId, action: "lounge_moderator_added" });
  return count > 0;
}

async function remove(ctx: Call, tx: Tx, { loungeId, userId }: LoungeModeratorParams): Promise<boolean> {
  await authorizeInTransaction(ctx, tx);
  await lockUser(tx, userId);
  const { count } = await tx.loungeModerator.deleteMany({ where: { loungeId, userId } });
  if (count > 0) await record(ctx, tx, { loungeId, userId, action: "lounge_moderator_removed" });
  return count > 0;
}

/**
 * Makes a member a moderator of one lounge, within 2 s on every node. Has no effect if they are one already.
 * @throws AppError `forbidden` for all but admins, `step_up_required { methods }`, `not_found` for an unknown user or lounge,
 *   `role_not_allowed { reason: oneself·guest·bot }`
 */
export async function addLoungeModerator(ctx: Ctx<"db" | "pool" | "now" | "sessions">, input: LoungeModeratorParams): Promise<void> {
  authorize(mayChangeRoles(ctx.actor));
  await requireRecentAuth(ctx);
  if (await ctx.db.$transaction((tx) => add(ctx, tx, input))) await invalidateActor(ctx, input.userId);
}

/**
 * Ends a member's role as a moderator of one lounge, within 2 s on every node. Their sockets must reconnect. Has no effect if they have no
 * such role.
 * @throws AppError `forbidden` for all but admins, `step_up_required { methods }`
 */
export async function removeLoungeModerator(
  ctx: Ctx<"db" | "pool" | "now" | "sessions" | "publish">,
  input: LoungeModeratorParams,
): Promise<void> {
  authorize(mayChangeRoles(ctx.actor));
  await requireRecentAuth(ctx);
  if (!(await ctx.db.$transaction((tx) => remove(ctx, tx, input)))) return;
  await invalidateActor(ctx, input.userId);
  ctx.publish.privilegesReduced(input.userId);
}
