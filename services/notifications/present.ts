import type { NotificationDto } from "../../utils/contract/schemas/notifications.ts";
import type { AuthorDto } from "../../utils/contract/schemas/users.ts";
import { excerptOf } from "../../utils/contract/text/excerpt.ts";
import { presentAuthor } from "../users/present.ts";

type SubjectKind = NotificationDto["subject"]["kind"];

/** A notification with its actor and what its list shows of its subject, as `SELECTED` reads it. */
export type NotificationRow = AuthorDto & {
  readonly notification_id: string;
  readonly user_id: string;
  readonly notification_kind: NotificationDto["kind"];
  readonly subject_kind: SubjectKind;
  readonly subject_id: string;
  readonly room_id: string;
  readonly text: string;
  readonly created_at: Date;
  readonly read_at: Date | null;
};

export const SELECTED = `
  SELECT n.id AS notification_id, n.user_id, n.kind AS notification_kind, n.subject_kind, coalesce(n.message_id, n.subject_id) AS subject_id,
    n.room_id, left(m.text, 400) AS text, n.created_at, n.read_at,
    u.id, u.display_name AS "displayName", u.avatar_url AS "avatarUrl", u.kind, u.role
  FROM notifications n JOIN users u ON u.id = n.actor_id LEFT JOIN messages m ON m.id = n.message_id`;

/** The fields that depend on the kind of subject. */
const subjectFields: Record<SubjectKind, (row: NotificationRow) => Pick<NotificationDto, "roomId" | "messageId" | "excerpt">> = {
  message: (row) => ({ roomId: row.room_id, messageId: row.subject_id, excerpt: excerptOf(row.text) }),
};

export const presentNotification = (row: NotificationRow): NotificationDto => ({
  id: row.notification_id,
  kind: row.notification_kind,
  subject: { kind: row.subject_kind, id: row.subject_id },
  ...subjectFields[row.subject_kind](row),
  actor: presentAuthor(row),
  createdAt: row.created_at.toISOString(),
  readAt: row.read_at?.toISOString() ?? null,
});
