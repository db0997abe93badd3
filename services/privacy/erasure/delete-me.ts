import type { Prisma } from "../../../prisma/generated/client.ts";
import { DELETED_USER } from "../../../utils/contract/deleted-user.ts";
import { limits } from "../../../utils/contract/limits.ts";
import type { DeleteMeInput, DeletionDto } from "../../../utils/contract/schemas/privacy.ts";
import { AppError } from "../../../utils/errors.ts";
import { auditRow } from "../../audit/record.ts";
import { requireRecentAuth } from "../../auth/factors/recent-auth.ts";
import { markEnded } from "../../auth/sessions/end-sessions.ts";
import { authorize } from "../../authorize.ts";
import type { Ctx } from "../../context.ts";
import { isActiveUser, lockUser } from "../../users/lock-user.ts";
import { presentAuthor } from "../../users/present.ts";
import { emptyProfile, sealProfile } from "../../users/profile-snapshot.ts";
import { publishUser } from "../../users/publish-user.ts";
import { mayDeleteAccount } from "../policy.ts";
import { blockersOf } from "./deletion-blockers.ts";
import { eraseAccount } from "./erase-accounts.ts";

type Tx = Prisma.TransactionClient;

/** Hides the caller: stores their encrypted profile in the deletion, empties their row and ends their sessions. */
async function hide(
  ctx: Ctx<"db" | "now" | "vault">,
  tx: Tx,
  deletion: { messages: DeleteMeInput["messages"]; requestedAt: Date; dueAt: Date },
) {
  const { id, kind, sessionId } = ctx.actor;
  await lockUser(tx, id);
  const user = await tx.user.findFirst({ where: { id, ...isActiveUser } });
  if (user === null) throw new AppError("session_revoked");
  // A guest cannot return, so no profile is stored.
  const profileSnapshot = kind === "guest" ? new Uint8Array() : sealProfile(ctx.vault, id, user);
  await tx.accountDeletion.create({ data: { userId: id, profileSnapshot, ...deletion } });
  const role = kind === "guest" ? "guest" : "member";
  const hidden = await tx.user.update({ where: { id }, data: { ...emptyProfile(DELETED_USER), role } });
  const event = {
    action: "deletion_requested",
    subjectType: "user",
    subjectId: id,
    data: { messages: deletion.messages, sessionId },
  } as const;
  await tx.auditEntry.create({ data: auditRow(ctx, event) });
  return { hidden, ended: await markEnded({ ...ctx, db: tx }, { userId: id }, "erased") };
}

/**
 * Requests the deletion of the caller's account. It is hidden and signed out everywhere immediately; members can cancel the deletion by
 * signing in within 14 days, guests are erased immediately. Until then all their messages stay under "Deleted user", also those to be
 * erased, so that a cancelled deletion restores everything. The typed confirmation is validated with the input schema.
 * @throws AppError `step_up_required { methods }`, `delete_blocked { items: [{ kind, id }] }`
 */
export async function deleteMe(
  ctx: Ctx<"db" | "pool" | "now" | "sessions" | "events" | "publish" | "presence" | "logger" | "vault">,
  { messages }: DeleteMeInput,
): Promise<DeletionDto> {
  authorize(mayDeleteAccount(ctx.actor));
  await requireRecentAuth(ctx);
  const items = await blockersOf(ctx);
  if (items.length > 0) throw new AppError("delete_blocked", { items });
  const isGuest = ctx.actor.kind === "guest";
  const requestedAt = ctx.now();
  const dueAt = new Date(requestedAt.getTime() + (isGuest ? 0 : limits.deletionGraceMs));
  const { hidden, ended } = await ctx.db.$transaction((tx) => hide(ctx, tx, { messages, requestedAt, dueAt }));
  for (const id of ended) ctx.sessions.invalidate(id);
  // Publish the name before disconnecting, so that clients that see the user leave do not show the former name.
  await publishUser(ctx, presentAuthor(hidden));
  for (const id of ended) ctx.publish.sessionEnded(id, "session_revoked");
  if (isGuest)
    void eraseAccount(ctx, { userId: hidden.id, messages }).catch((error: unknown) =>
      ctx.logger.warn("could not erase a guest, leaving it to the job", { error }),
    );
  return { deletesAt: dueAt.toISOString() };
}
