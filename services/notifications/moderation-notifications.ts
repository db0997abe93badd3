import type pg from "pg";
import { newId } from "../../utils/ids.ts";

/** A notification of a user about an action, about their appeal, or about their report. */
export type ModerationNotification = {
  readonly userId: string;
  readonly kind: "moderation" | "appeal" | "report";
  readonly subjectKind: "action" | "appeal" | "report";
  readonly subjectId: string;
};

/** Erased users receive none. Rows are inserted in the order of the users, so that concurrent transactions do not deadlock. */
const INSERT = `
  INSERT INTO notifications (id, user_id, kind, subject_kind, subject_id)
  SELECT n.id, n.user_id, n.kind::notification_kind, n.subject_kind::notification_subject, n.subject_id
  FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::uuid[]) AS n(id, user_id, kind, subject_kind, subject_id)
  JOIN users u ON u.id = n.user_id AND u.erased_at IS NULL
  ORDER BY n.user_id, n.id
  ON CONFLICT (user_id, subject_id) WHERE subject_kind IN ('appeal', 'report') DO NOTHING RETURNING id`;

/**
 * Inserts notifications about moderation, which have no actor. An appeal or a report has one notification at most; further ones are
 * ignored. Publish `notificationsCreated` with the returned ids after the commit.
 * @returns the ids of the inserted ones
 */
export async function insertModerationNotifications(tx: pg.PoolClient, rows: readonly ModerationNotification[]): Promise<string[]> {
  if (rows.length === 0) return [];
  const values = [
    rows.map(() => newId()),
    rows.map(({ userId }) => userId),
    rows.map(({ kind }) => kind),
    rows.map(({ subjectKind }) => subjectKind),
    rows.map(({ subjectId }) => subjectId),
  ];
  return (await tx.query<{ id: string }>(INSERT, values)).rows.map(({ id }) => id);
}
