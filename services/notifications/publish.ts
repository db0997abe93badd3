import type { Services } from "../context.ts";
import { type NotificationRow, presentNotification, SELECTED } from "./present.ts";

/** Publishes committed notifications to all devices of their users. If this fails, users find them in their lists. */
export async function publishNotifications(
  { pool, publish, logger }: Pick<Services, "pool" | "publish" | "logger">,
  ids: readonly string[],
) {
  if (ids.length === 0) return;
  try {
    const { rows } = await pool.query<NotificationRow>(`${SELECTED} WHERE n.id = ANY($1::uuid[]) ORDER BY n.id`, [ids]);
    for (const row of rows) publish.notificationCreated(row.user_id, presentNotification(row));
  } catch (error) {
    logger.warn("could not publish notifications", { error });
  }
}
