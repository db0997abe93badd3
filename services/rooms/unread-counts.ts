import { limits } from "../../utils/contract/limits.ts";

/**
 * Others' live, approved messages after what `room_members m` has read, as far as 99. Read along the room's numbers, and no further than
 * a thousand of them, so that neither one's own talk nor what was deleted makes it long.
 */
export const UNREAD_COUNT = `(
  SELECT count(*)::int FROM (
    SELECT FROM (
      SELECT x.author_id, x.deleted_at, x.moderation FROM messages x
      WHERE x.room_id = m.room_id AND x.seq > m.last_read_seq ORDER BY x.seq LIMIT 1000
    ) recent
    WHERE author_id <> m.user_id AND deleted_at IS NULL AND moderation = 'approved' LIMIT ${limits.unreadCount}
  ) counted)`;

/**
 * Those that name or answer the person. Taken from the notifications, which are few for each person: the messages of a busy room
 * would all have to be looked at. Nothing is in them of whom the person has blocked.
 */
export const MENTION_COUNT = `(
  SELECT count(*)::int FROM notifications n JOIN messages x ON x.id = n.message_id
  WHERE n.user_id = m.user_id AND n.room_id = m.room_id AND n.read_at IS NULL AND n.kind <> 'message_request'
    AND x.seq > m.last_read_seq AND x.deleted_at IS NULL)`;
