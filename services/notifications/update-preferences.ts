import type { NotificationPreferences, UpdateNotificationPreferencesInput } from "../../utils/contract/schemas/notification-preferences.ts";
import { AppError } from "../../utils/errors.ts";
import type { Ctx } from "../context.ts";
import { isActiveUser, lockUser } from "../users/lock-user.ts";
import { columnsOf, presentPreferences } from "./preferences.ts";

/**
 * Changes the actor's notification preferences and publishes them to all of the actor's devices. Omitted members keep their value.
 * @throws AppError `invalid_input`
 */
export async function updateNotificationPreferences(
  { db, actor, publish }: Ctx<"db" | "publish">,
  input: UpdateNotificationPreferencesInput,
): Promise<NotificationPreferences> {
  const changes = columnsOf(input);
  const row = await db.$transaction(async (tx) => {
    await lockUser(tx, actor.id);
    // An account that is being deleted must not receive rows that its erasure has already removed.
    if ((await tx.user.count({ where: { id: actor.id, ...isActiveUser } })) === 0) throw new AppError("session_revoked");
    return tx.notificationPreferences.upsert({
      where: { userId: actor.id },
      create: { ...changes, userId: actor.id },
      update: changes,
    });
  });
  const preferences = presentPreferences(row);
  publish.notificationPreferencesChanged(actor.id, preferences);
  return preferences;
}
