import { limits } from "../../utils/contract/limits.ts";

/**
 * Counts approved, undeleted messages of others after the last read one of `room_members m`, up to 99. Reads at most a thousand messages
 * in order of their numbers, so that many own or deleted messages do not make it slow.
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
 * Counts unread mentions and replies. It reads the notifications, which are few per user: counting the messages of a busy room would read
 * all of them. Notifications never include blocked users.
 */
export const MENTION_COUNT = `(
  SELECT count(*)::int FROM notifications n JOIN messages x ON x.id = n.message_id
  WHERE n.user_id = m.user_id AND n.room_id = m.room_id AND n.read_at IS NULL AND n.kind <> 'message_request'
    AND x.seq > m.last_read_seq AND x.deleted_at IS NULL)`;
