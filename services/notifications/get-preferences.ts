import type { EmptyInput } from "../../utils/contract/schemas/auth.ts";
import type { NotificationPreferences } from "../../utils/contract/schemas/notification-preferences.ts";
import type { Ctx } from "../context.ts";
import { presentPreferences } from "./preferences.ts";

/** Returns the actor's notification preferences. */
export async function getNotificationPreferences({ db, actor }: Ctx<"db">, _input: EmptyInput): Promise<NotificationPreferences> {
  return presentPreferences(await db.notificationPreferences.findUnique({ where: { userId: actor.id } }));
}
