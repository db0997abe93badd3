import type { Prisma } from "../../prisma/generated/client.ts";
import type { SignInInput } from "../../utils/contract/schemas/accounts.ts";
import { AppError } from "../../utils/errors.ts";
import { auditRow } from "../audit/record.ts";
import { disconnectSessions, markEnded } from "../auth/sessions/end-sessions.ts";
import { openSession } from "../auth/sessions/open-session.ts";
import type { SignedIn } from "../auth/sessions/present.ts";
import { verifyCredentials } from "../auth/sign-in/verify-credentials.ts";
import type { Ctx } from "../context.ts";
import { lockUser } from "../users/lock-user.ts";
import { beginMerge, type Merge, moveSanctions } from "./merge-history.ts";

/** Records the merge of a guest into one account. @returns false when the same merge was already recorded */
async function recordMerge(tx: Prisma.TransactionClient, merge: Merge, now: Date): Promise<boolean> {
  await lockUser(tx, merge.guestId);
  const guest = await tx.user.findUniqueOrThrow({ where: { id: merge.guestId }, include: { mergedAsGuest: true } });
  if (guest.kind !== "guest") throw new AppError("already_member");
  if (guest.mergedAsGuest !== null && guest.mergedAsGuest.userId !== merge.userId) throw new AppError("session_revoked");
  if (guest.mergedAsGuest !== null) return false;
  if (guest.erasedAt !== null) throw new AppError("session_revoked");
  await tx.guestMerge.create({ data: { ...merge, createdAt: now } });
  return true;
}

/** Revokes the guest's tokens and moves their sanctions to the account in one transaction, so that signing in does not shed a mute. */
async function endGuest(ctx: Ctx<"db" | "now">, merge: Merge): Promise<string[]> {
  return ctx.db.$transaction(async (tx) => {
    const isNew = await recordMerge(tx, merge, ctx.now());
    const caller = { ...ctx, db: tx, actor: { id: merge.userId } };
    const ended = await markEnded(caller, { userId: merge.guestId }, "merged");
    await moveSanctions(tx, merge);
    const event = { action: "guest_merged", subjectType: "user", subjectId: merge.userId } as const;
    if (isNew) await tx.auditEntry.create({ data: auditRow(caller, event) });
    return ended;
  });
}

/**
 * Merges the calling guest into an existing account after checking its credentials, and signs in to it. The guest ends immediately; their
 * messages move in the background. The call is idempotent.
 * @throws AppError `already_member`, `session_revoked` when the guest was merged into another account, and those of `verifyCredentials`
 */
export async function mergeGuest(
  ctx: Ctx<"db" | "pool" | "now" | "keys" | "sessions" | "events" | "publish" | "presence" | "limits" | "logger" | "vault" | "passwords">,
  input: SignInInput,
  knownDevice: string | undefined,
): Promise<SignedIn> {
  if (ctx.actor.kind !== "guest") throw new AppError("already_member");
  const stranger = { ...ctx, actor: null };
  const account = await verifyCredentials(stranger, { ...input, knownDevice });
  const merge = { guestId: ctx.actor.id, userId: account.id };
  disconnectSessions(ctx, await endGuest(ctx, merge));
  beginMerge(ctx, merge);
  const { passwordChangedAt } = account.credential ?? {};
  return openSession(stranger, account, { knownDevice, provenAt: ctx.now(), passwordChangedAt });
}
