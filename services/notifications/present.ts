import type { NotificationDto } from "../../utils/contract/schemas/notifications.ts";
import type { AuthorDto } from "../../utils/contract/schemas/users.ts";
import { excerptOf } from "../../utils/contract/text/excerpt.ts";
import { presentAuthor } from "../users/present.ts";

type SubjectKind = NotificationDto["subject"]["kind"];

/** A notification with its actor and what its list shows of its subject, as `SELECTED` reads it. */
export type NotificationRow = { readonly [Field in keyof AuthorDto]: AuthorDto[Field] | null } & {
  readonly notification_id: string;
  readonly user_id: string;
  readonly notification_kind: NotificationDto["kind"];
  readonly subject_kind: SubjectKind;
  readonly subject_id: string;
  readonly room_id: string | null;
  readonly text: string | null;
  readonly created_at: Date;
  readonly read_at: Date | null;
};

export const SELECTED = `
  SELECT n.id AS notification_id, n.user_id, n.kind AS notification_kind, n.subject_kind, coalesce(n.message_id, n.subject_id) AS subject_id,
    n.room_id, left(m.text, 400) AS text, n.created_at, n.read_at,
    u.id, u.display_name AS "displayName", u.avatar_url AS "avatarUrl", u.kind, u.role
  FROM notifications n LEFT JOIN users u ON u.id = n.actor_id LEFT JOIN messages m ON m.id = n.message_id`;

type SubjectFields = Pick<NotificationDto, "roomId" | "messageId" | "excerpt">;

const NO_MESSAGE: SubjectFields = { roomId: null, messageId: null, excerpt: null };

/** The fields that depend on the kind of subject. */
const subjectFields: Record<SubjectKind, (row: NotificationRow) => SubjectFields> = {
  message: (row) => ({ roomId: row.room_id, messageId: row.subject_id, excerpt: excerptOf(row.text ?? "") }),
  action: () => NO_MESSAGE,
  appeal: () => NO_MESSAGE,
  report: () => NO_MESSAGE,
};

const actorOf = (row: NotificationRow): AuthorDto | null => (row.id === null ? null : presentAuthor(row as AuthorDto));

export const presentNotification = (row: NotificationRow): NotificationDto => ({
  id: row.notification_id,
  kind: row.notification_kind,
  subject: { kind: row.subject_kind, id: row.subject_id },
  ...subjectFields[row.subject_kind](row),
  actor: actorOf(row),
  createdAt: row.created_at.toISOString(),
  readAt: row.read_at?.toISOString() ?? null,
});
