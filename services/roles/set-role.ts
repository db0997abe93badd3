import type { Prisma } from "../../prisma/generated/client.ts";
import { isLowerRole } from "../../utils/contract/ranks.ts";
import type { SetRoleInput, UserDto } from "../../utils/contract/schemas/users.ts";
import { AppError } from "../../utils/errors.ts";
import { requireRecentAuth } from "../auth/factors/recent-auth.ts";
import { invalidateActor } from "../auth/sessions/invalidate-actor.ts";
import { authorize } from "../authorize.ts";
import type { Call, Ctx } from "../context.ts";
import { isActiveUser, lockUser } from "../users/lock-user.ts";
import { presentAuthor, presentUser } from "../users/present.ts";
import { publishUser } from "../users/publish-user.ts";
import { mayChangeRoles, mayReceiveRole } from "./policy.ts";
import { lockRoles, writeRole } from "./role-repository.ts";

async function change(ctx: Call, tx: Prisma.TransactionClient, { userId, role }: SetRoleInput) {
  await lockRoles(tx);
  // The caller may have lost the role since the request began; the lock makes this check final.
  const caller = await tx.user.findFirst({ where: { id: ctx.actor.id, ...isActiveUser } });
  authorize(mayChangeRoles({ ...ctx.actor, role: caller?.role ?? "guest" }));
  await lockUser(tx, userId);
  const before = await tx.user.findFirst({ where: { id: userId, ...isActiveUser } });
  if (before === null) throw new AppError("not_found");
  authorize(mayReceiveRole(ctx.actor, before));
  return { before, after: before.role === role ? before : await writeRole({ caller: ctx, tx }, before, role) };
}

/**
 * Makes a user a member, moderator or admin. Their sessions stay, and the new role applies within 2 s. If it has fewer privileges than
 * before, their sockets must reconnect, so that they receive nothing more from rooms they may no longer read.
 * @throws AppError `forbidden` for all but admins, `step_up_required { methods }`, `not_found`,
 *   `role_not_allowed { reason: oneself·guest·bot }`
 */
export async function setRole(
  ctx: Ctx<"db" | "pool" | "now" | "sessions" | "events" | "publish" | "presence">,
  input: SetRoleInput,
): Promise<UserDto> {
  authorize(mayChangeRoles(ctx.actor));
  await requireRecentAuth(ctx);
  const { before, after } = await ctx.db.$transaction((tx) => change(ctx, tx, input));
  if (after.role !== before.role) {
    await invalidateActor(ctx, after.id);
    await publishUser(ctx, presentAuthor(after));
    if (isLowerRole(after, before)) ctx.publish.privilegesReduced(after.id);
  }
  return presentUser(after);
}
