import type { NotificationDto } from "../../utils/contract/schemas/notifications.ts";
import type { AuthorDto } from "../../utils/contract/schemas/users.ts";
import { excerptOf } from "../../utils/contract/text/excerpt.ts";
import { presentAuthor } from "../users/present.ts";

/** A notification with its actor and the beginning of its message, as `SELECTED` reads it. */
export type NotificationRow = AuthorDto & {
  readonly notification_id: string;
  readonly user_id: string;
  readonly notification_kind: NotificationDto["kind"];
  readonly room_id: string;
  readonly message_id: string;
  readonly text: string;
  readonly created_at: Date;
  readonly read_at: Date | null;
};

export const SELECTED = `
  SELECT n.id AS notification_id, n.user_id, n.kind AS notification_kind, n.room_id, n.message_id, left(m.text, 400) AS text, n.created_at, n.read_at,
    u.id, u.display_name AS "displayName", u.avatar_url AS "avatarUrl", u.kind, u.role
  FROM notifications n JOIN messages m ON m.id = n.message_id JOIN users u ON u.id = n.actor_id`;

export const presentNotification = (row: NotificationRow): NotificationDto => ({
  id: row.notification_id,
  kind: row.notification_kind,
  roomId: row.room_id,
  messageId: row.message_id,
  actor: presentAuthor(row),
  excerpt: excerptOf(row.text),
  createdAt: row.created_at.toISOString(),
  readAt: row.read_at?.toISOString() ?? null,
});
