import type { Prisma } from "../../prisma/generated/client.ts";
import { requireRecentAuth } from "../auth/factors/recent-auth.ts";
import { authorize } from "../authorize.ts";
import type { Ctx } from "../context.ts";
import { lockRoles } from "../roles/role-repository.ts";
import { isActiveUser } from "../users/lock-user.ts";
import { mayManageBots } from "./policy.ts";

/**
 * Runs a change of bots in a transaction for an admin with a recent authentication.
 * @throws AppError `forbidden` for all but admins, `step_up_required { methods }`
 */
export async function asAdmin<Result>(ctx: Ctx<"db" | "now">, run: (tx: Prisma.TransactionClient) => Promise<Result>): Promise<Result> {
  authorize(mayManageBots(ctx.actor));
  await requireRecentAuth(ctx);
  return ctx.db.$transaction(async (tx) => {
    // The caller may have lost the role since the request began; the lock makes this check final.
    await lockRoles(tx);
    const caller = await tx.user.findFirst({ where: { id: ctx.actor.id, ...isActiveUser } });
    authorize(mayManageBots({ ...ctx.actor, role: caller?.role ?? "guest" }));
    return run(tx);
  });
}
