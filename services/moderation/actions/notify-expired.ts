import { inTransaction } from "../../../prisma/transaction.ts";
import { notFailed, processRows, type RowServices } from "../../audit/process-rows.ts";
import type { Services } from "../../context.ts";
import { insertModerationNotifications } from "../../notifications/moderation-notifications.ts";
import { IS_RESTRICTION } from "../../sanctions/restrictions.ts";

const JOB = "expire-actions";

/** The restrictions that expired, except those that were undone. The condition must match the index `moderation_actions_expiry_idx`. */
const IS_EXPIRED = `${IS_RESTRICTION} AND a.expiry_notified_at IS NULL AND a.expires_at <= $1`;

const FIND = `
  SELECT a.id FROM moderation_actions a WHERE ${IS_EXPIRED} AND ${notFailed({ job: JOB, key: "a.id", now: "$1" })}
  ORDER BY a.expires_at LIMIT $2`;

const MARK = `
  UPDATE moderation_actions a SET expiry_notified_at = $1 WHERE ${IS_EXPIRED} AND a.id = ANY($2::uuid[]) RETURNING a.id, a.user_id`;

type ExpiryServices = RowServices & Pick<Services, "events">;

/** Marks actions and inserts their notifications in one transaction, so that each user is notified once; then publishes them. */
async function notify({ pool, now, events }: ExpiryServices, ids: readonly string[]): Promise<number> {
  const { count, notificationIds } = await inTransaction(pool, async (tx) => {
    const { rows } = await tx.query<{ id: string; user_id: string }>(MARK, [now(), ids]);
    const notices = rows.map(({ id, user_id: userId }) => ({ userId, kind: "moderation", subjectKind: "action", subjectId: id }) as const);
    return { count: rows.length, notificationIds: await insertModerationNotifications(tx, notices) };
  });
  events.publish("notificationsCreated", { ids: notificationIds });
  return count;
}

/**
 * Notifies users whose restriction expired, once each. The restriction itself ends by the clock and does not depend on this.
 * @returns how many restrictions expired
 * @throws BatchError when some could not be processed; the others are
 */
export async function notifyExpired(services: ExpiryServices, { limit }: { limit: number }): Promise<number> {
  const { rows } = await services.pool.query<{ id: string }>(FIND, [services.now(), limit]);
  return processRows(services, { job: JOB, keys: rows.map(({ id }) => id), work: (ids) => notify(services, ids) });
}
