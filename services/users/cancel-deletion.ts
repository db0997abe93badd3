import type { Prisma } from "../../prisma/generated/client.ts";
import { AppError } from "../../utils/errors.ts";
import { type AuditCaller, auditRow } from "../audit/record.ts";
import type { Services } from "../context.ts";
import { lockUser } from "./lock-user.ts";
import { skeletonOf } from "./names/confusables.ts";
import { presentAuthor } from "./present.ts";
import { unsealProfile } from "./profile-snapshot.ts";
import { publishUser } from "./publish-user.ts";

type Caller = Pick<Services, "db" | "pool" | "sessions" | "events" | "presence" | "vault"> & AuditCaller;

/** Restores the profile of a user with a pending deletion; returns null if there is none. */
async function restore(ctx: Caller, tx: Prisma.TransactionClient, userId: string) {
  await lockUser(tx, userId);
  const deletion = await tx.accountDeletion.findUnique({ where: { userId } });
  if (deletion === null) return null;
  // Erasure removes the stored profile first: from then on the deletion cannot be cancelled.
  if (deletion.profileSnapshot.length === 0) throw new AppError("invalid_credentials");
  const profile = unsealProfile(ctx.vault, userId, deletion.profileSnapshot);
  const user = await tx.user.update({ where: { id: userId }, data: { ...profile, nameSkeleton: skeletonOf(profile.displayName) } });
  await tx.accountDeletion.delete({ where: { userId } });
  await tx.auditEntry.create({
    data: auditRow({ ...ctx, actor: { id: userId } }, { action: "deletion_cancelled", subjectType: "user", subjectId: userId }),
  });
  return user;
}

/**
 * Cancels the pending deletion of an account, if there is one, and publishes the restored profile. Every way of signing in must call it
 * after authentication and before it creates a session.
 * @returns whether there was one
 * @throws AppError `invalid_credentials` when the account is already being erased, so that it no longer accepts sign-ins
 */
export async function cancelDeletion(ctx: Caller, userId: string): Promise<boolean> {
  const pending = await ctx.db.accountDeletion.count({ where: { userId } });
  if (pending === 0) return false;
  const user = await ctx.db.$transaction((tx) => restore(ctx, tx, userId));
  if (user !== null) await publishUser(ctx, presentAuthor(user));
  return user !== null;
}
