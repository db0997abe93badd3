import type { Prisma } from "../../prisma/generated/client.ts";
import type { Services } from "../context.ts";
import { presentPreferences } from "./preferences.ts";

type Merge = { readonly guestId: string; readonly userId: string };

/**
 * Moves a guest's notification preferences to the account into which the guest is merged, unless the account has its own. Requires the
 * transaction of the merge.
 * @returns whether the account's preferences changed
 */
export async function movePreferences(tx: Prisma.TransactionClient, { guestId, userId }: Merge): Promise<boolean> {
  if ((await tx.notificationPreferences.count({ where: { userId } })) > 0) return false;
  const { count } = await tx.notificationPreferences.updateMany({ where: { userId: guestId }, data: { userId } });
  return count > 0;
}

/** Publishes an account's notification preferences to all of its devices, after a change that none of them made. */
export async function publishPreferences({ db, publish }: Pick<Services, "db" | "publish">, userId: string): Promise<void> {
  publish.notificationPreferencesChanged(userId, presentPreferences(await db.notificationPreferences.findUnique({ where: { userId } })));
}
