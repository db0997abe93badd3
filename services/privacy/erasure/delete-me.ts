import type { Prisma } from "../../../prisma/generated/client.ts";
import { DELETED_USER } from "../../../utils/contract/deleted-user.ts";
import { limits } from "../../../utils/contract/limits.ts";
import type { DeleteMeInput, DeletionDto } from "../../../utils/contract/schemas/privacy.ts";
import { AppError } from "../../../utils/errors.ts";
import { auditRow } from "../../audit/record.ts";
import { requireRecentAuth } from "../../auth/factors/recent-auth.ts";
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

/** Ends every session, with what the audit log says of it. @returns their ids */
async function endAllSessions(ctx: Ctx, tx: Tx): Promise<string[]> {
  const ended = await tx.session.updateManyAndReturn({
    where: { userId: ctx.actor.id, endedAt: null },
    data: { endedAt: ctx.now(), endReason: "erased" },
    select: { id: true },
  });
  const fact = { action: "session_ended", subjectType: "session", data: { reason: "erased" } } as const;
  await tx.auditEntry.createMany({ data: ended.map(({ id }) => auditRow(ctx, { ...fact, subjectId: id })) });
  return ended.map(({ id }) => id);
}

/** Hides somebody: their profile is put away under seal, and nobody is signed in as them any more. */
async function hide(ctx: Ctx, tx: Tx, deletion: { messages: DeleteMeInput["messages"]; requestedAt: Date; dueAt: Date }) {
  const { id, kind, sessionId } = ctx.actor;
  await lockUser(tx, id);
  const user = await tx.user.findFirst({ where: { id, ...isActiveUser } });
  if (user === null) throw new AppError("session_revoked");
  // A guest does not come back, so nothing is kept for them.
  const formerSelf = kind === "guest" ? new Uint8Array() : sealProfile(ctx.vault, id, user);
  await tx.accountDeletion.create({ data: { userId: id, formerSelf, ...deletion } });
  const role = kind === "guest" ? "guest" : "member";
  const hidden = await tx.user.update({ where: { id }, data: { ...emptyProfile(DELETED_USER), role } });
  const fact = {
    action: "deletion_requested",
    subjectType: "user",
    subjectId: id,
    data: { messages: deletion.messages, sessionId },
  } as const;
  await tx.auditEntry.create({ data: auditRow(ctx, fact) });
  return { hidden, ended: await endAllSessions(ctx, tx) };
}

/**
 * Has the caller's account deleted. They are hidden at once and signed out everywhere; members may come back by signing in
 * within 14 days, guests are erased at once. Until then their messages stay under "Deleted user", also those that are to be erased:
 * coming back must bring everything back. The word that had to be typed was looked at with the rest of the input.
 * @throws AppError `step_up_required { methods }`, `delete_blocked { items: [{ kind, id }] }`
 */
export async function deleteMe(ctx: Ctx, { messages }: DeleteMeInput): Promise<DeletionDto> {
  authorize(mayDeleteAccount(ctx.actor));
  await requireRecentAuth(ctx);
  const items = await blockersOf(ctx);
  if (items.length > 0) throw new AppError("delete_blocked", { items });
  const isGuest = ctx.actor.kind === "guest";
  const requestedAt = ctx.now();
  const dueAt = new Date(requestedAt.getTime() + (isGuest ? 0 : limits.deletionGraceMs));
  const { hidden, ended } = await ctx.db.$transaction((tx) => hide(ctx, tx, { messages, requestedAt, dueAt }));
  for (const id of ended) ctx.sessions.invalidate(id);
  // First the name, then the sockets: who sees them leave must not read the former name once more.
  await publishUser(ctx, presentAuthor(hidden));
  for (const id of ended) ctx.publish.sessionEnded(id, "session_revoked");
  if (isGuest)
    void eraseAccount(ctx, { userId: hidden.id, messages }).catch((error: unknown) =>
      ctx.logger.warn("a guest waits for the job to be erased", { error }),
    );
  return { deletesAt: dueAt.toISOString() };
}
