import type pg from "pg";
import { insertModerationNotifications } from "../../notifications/moderation-notifications.ts";
import type { IssuedAction } from "./action-draft.ts";

/**
 * Inserts a notification for each user whom actions concern. @returns the actions; the first one carries the ids of all notifications, to
 * be published after the commit
 */
export async function notifyUsers(tx: pg.PoolClient, actions: readonly IssuedAction[]): Promise<IssuedAction[]> {
  const notices = actions.flatMap(({ id, userId }) =>
    userId === null ? [] : { userId, kind: "moderation" as const, subjectKind: "action" as const, subjectId: id },
  );
  const notificationIds = await insertModerationNotifications(tx, notices);
  return actions.map((one, index) => (index === 0 ? { ...one, notificationIds } : one));
}
