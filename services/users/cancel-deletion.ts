import type { Prisma } from "../../prisma/generated/client.ts";
import { AppError } from "../../utils/errors.ts";
import { type AuditCaller, auditRow } from "../audit/record.ts";
import type { Services } from "../context.ts";
import { lockUser } from "./lock-user.ts";
import { skeletonOf } from "./names/confusables.ts";
import { presentAuthor } from "./present.ts";
import { unsealProfile } from "./profile-snapshot.ts";
import { publishUser } from "./publish-user.ts";

type Caller = Services & AuditCaller;

/** Gives somebody their profile back, unless there is nothing to give back. */
async function restore(ctx: Caller, tx: Prisma.TransactionClient, userId: string) {
  await lockUser(tx, userId);
  const deletion = await tx.accountDeletion.findUnique({ where: { userId } });
  if (deletion === null) return null;
  // The profile goes first when an account is erased: from then on nobody comes back.
  if (deletion.formerSelf.length === 0) throw new AppError("invalid_credentials");
  const self = unsealProfile(ctx.vault, userId, deletion.formerSelf);
  const user = await tx.user.update({ where: { id: userId }, data: { ...self, nameSkeleton: skeletonOf(self.displayName) } });
  await tx.accountDeletion.delete({ where: { userId } });
  await tx.auditEntry.create({
    data: auditRow({ ...ctx, actor: { id: userId } }, { action: "deletion_cancelled", subjectType: "user", subjectId: userId }),
  });
  return user;
}

/**
 * Takes the deletion of an account back, if it has one that waits: everybody sees the person again as they were. To be called
 * by every way of signing in, once somebody has proven to be the account's owner and before they get a session.
 * @returns whether there was one
 * @throws AppError `invalid_credentials` when the account is already being erased: nobody can sign in to it any more
 */
export async function cancelDeletion(ctx: Caller, userId: string): Promise<boolean> {
  const pending = await ctx.db.accountDeletion.count({ where: { userId } });
  if (pending === 0) return false;
  const user = await ctx.db.$transaction((tx) => restore(ctx, tx, userId));
  if (user !== null) await publishUser(ctx, presentAuthor(user));
  return user !== null;
}
