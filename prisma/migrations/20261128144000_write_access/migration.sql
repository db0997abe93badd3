-- The one rule about who may write in a room that has members of its own: the commit of messages, changes to messages and the
-- conversation's state in the API all call this function. It returns
--   'granted'             the person may write,
--   'first_message_only'  the other person has not accepted the request yet, and no message has been sent with it,
--   'denied'              anything else: not a member, a block, the other person left, or the request already carries its message.
-- VOLATILE on purpose: a volatile function takes a new snapshot for each query it runs, so a caller that locks the room first sees
-- every membership change and block that was committed before it got the lock.
CREATE FUNCTION "conversation_write_access"(room uuid, author uuid) RETURNS text LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  access text;
BEGIN
  SELECT CASE
    WHEN r.kind = 'language' THEN 'granted'
    WHEN mine.state IS DISTINCT FROM 'active' THEN 'denied'
    WHEN r.kind = 'group' THEN 'granted'
    WHEN peer.user_id IS NULL THEN 'denied'
    WHEN EXISTS (SELECT FROM blocks b WHERE (b.user_id, b.blocked_id) IN ((author, peer.user_id), (peer.user_id, author))) THEN 'denied'
    WHEN peer.state = 'active' THEN 'granted'
    WHEN EXISTS (
      SELECT FROM messages m WHERE m.room_id = room AND m.author_id = author AND m.moderation <> 'removed' AND m.created_at >= peer.joined_at
    ) THEN 'denied'
    ELSE 'first_message_only'
  END INTO access
  FROM rooms r
  LEFT JOIN room_members mine ON mine.room_id = r.id AND mine.user_id = author
  LEFT JOIN room_members peer ON peer.room_id = r.id AND peer.user_id <> author AND r.kind = 'direct'
  WHERE r.id = room;
  RETURN coalesce(access, 'denied');
END $$;
