-- Changes of one message: each function is one round trip, so that a room is locked no longer than its own writes take. It locks the
-- room first, then looks at the message as it is by then (functions are VOLATILE: each of their queries sees what was committed before
-- it), writes the change and gives it the room's next number. `outcome` is
--   'changed'        the change is written; the other columns are the message's new state,
--   'unchanged'      there was nothing to do; the other columns are the message's present state,
--   'superseded'     the message is not the one the caller decided about any more: read it and decide again,
--   'not_found', 'cannot_message', 'reactions_full', 'pins_full'  the error to answer with; nothing is written.
CREATE TYPE "message_change" AS (
  outcome text,
  changed_seq bigint,
  text text,
  language_code text,
  mentions uuid[],
  reactions jsonb,
  pinned_at timestamptz,
  edited_at timestamptz,
  deleted_at timestamptz
);

CREATE FUNCTION "message_change_of"(outcome text, m messages) RETURNS message_change LANGUAGE sql IMMUTABLE AS $$
  SELECT ROW(outcome, m.changed_seq, m.text, m.language_code, m.mentions, m.reactions, m.pinned_at, m.edited_at, m.deleted_at)::message_change
$$;

-- Takes the room's next number for a change. The caller holds the room.
CREATE FUNCTION "next_room_number"(room uuid) RETURNS bigint LANGUAGE sql AS $$
  UPDATE rooms SET last_seq = last_seq + 1 WHERE id = room RETURNING last_seq
$$;

-- Locks the room and reads the message. `rejection` is the outcome that keeps the caller from going on, or null.
CREATE FUNCTION "lock_message"(room uuid, message uuid, expected_author uuid, OUT rejection text, OUT state messages) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM rooms r WHERE r.id = room FOR NO KEY UPDATE;
  SELECT m.* INTO state FROM messages m WHERE m.id = message;
  IF state.id IS NULL OR state.room_id <> room OR state.deleted_at IS NOT NULL OR state.moderation <> 'approved' THEN
    rejection := 'not_found';
  ELSIF state.author_id <> expected_author THEN
    rejection := 'superseded';
  END IF;
END $$;

-- Puts away the text a message bears before something else takes its place.
CREATE FUNCTION "keep_message_version"(m messages, is_last boolean) RETURNS void LANGUAGE sql AS $$
  INSERT INTO message_versions (message_id, version, text, written_at, is_deleted)
  SELECT m.id, coalesce(max(v.version), 0) + 1, m.text, coalesce(max(v.replaced_at), m.created_at), is_last
  FROM message_versions v WHERE v.message_id = m.id
$$;

CREATE FUNCTION "edit_message"(
  room uuid, message uuid, expected_author uuid, expected_text text, actor uuid, new_text text, language text, named uuid[], edited timestamptz,
  notice_ids uuid[], notice_users uuid[]
) RETURNS message_change LANGUAGE plpgsql AS $$
DECLARE
  held record;
  m messages;
  number bigint;
BEGIN
  SELECT * INTO held FROM lock_message(room, message, expected_author);
  m := held.state;
  IF held.rejection IS NOT NULL THEN RETURN message_change_of(held.rejection, m); END IF;
  IF m.text <> expected_text THEN RETURN message_change_of('superseded', m); END IF;
  IF conversation_write_access(room, actor) <> 'granted' THEN RETURN message_change_of('cannot_message', m); END IF;
  IF m.text = new_text THEN RETURN message_change_of('unchanged', m); END IF;
  PERFORM keep_message_version(m, false);
  number := next_room_number(room);
  UPDATE messages SET text = new_text, language_code = language, mentions = named, edited_at = edited, changed_seq = number
  WHERE id = message RETURNING * INTO m;
  INSERT INTO notifications (id, user_id, kind, actor_id, room_id, message_id)
  SELECT n.id, n.user_id, 'mention', m.author_id, room, message FROM unnest(notice_ids, notice_users) AS n(id, user_id)
  WHERE NOT EXISTS (SELECT FROM blocks b WHERE b.user_id = n.user_id AND b.blocked_id = m.author_id)
  ON CONFLICT (user_id, message_id) DO NOTHING;
  RETURN message_change_of('changed', m);
END $$;

CREATE FUNCTION "delete_message"(room uuid, message uuid, expected_author uuid) RETURNS message_change LANGUAGE plpgsql AS $$
DECLARE
  held record;
  m messages;
  number bigint;
BEGIN
  SELECT * INTO held FROM lock_message(room, message, expected_author);
  m := held.state;
  IF held.rejection IS NOT NULL THEN RETURN message_change_of(held.rejection, m); END IF;
  PERFORM keep_message_version(m, true);
  DELETE FROM reactions WHERE message_id = message;
  DELETE FROM notifications WHERE message_id = message;
  number := next_room_number(room);
  UPDATE messages SET text = '', reactions = '[]', mentions = '{}', pinned_at = NULL, reply_to_id = NULL, deleted_at = now(), changed_seq = number
  WHERE id = message RETURNING * INTO m;
  RETURN message_change_of('changed', m);
END $$;

CREATE FUNCTION "pin_message"(room uuid, message uuid, expected_author uuid, actor uuid, pinned timestamptz, most integer)
  RETURNS message_change LANGUAGE plpgsql AS $$
DECLARE
  held record;
  m messages;
  number bigint;
BEGIN
  SELECT * INTO held FROM lock_message(room, message, expected_author);
  m := held.state;
  IF held.rejection IS NOT NULL THEN RETURN message_change_of(held.rejection, m); END IF;
  IF conversation_write_access(room, actor) <> 'granted' THEN RETURN message_change_of('cannot_message', m); END IF;
  IF (m.pinned_at IS NULL) = (pinned IS NULL) THEN RETURN message_change_of('unchanged', m); END IF;
  IF pinned IS NOT NULL AND (SELECT count(*) FROM messages p WHERE p.room_id = room AND p.pinned_at IS NOT NULL) >= most THEN
    RETURN message_change_of('pins_full', m);
  END IF;
  number := next_room_number(room);
  UPDATE messages SET pinned_at = pinned, changed_seq = number WHERE id = message RETURNING * INTO m;
  RETURN message_change_of('changed', m);
END $$;

-- What the reactions of a message add up to, as the wire has it: each emoji in the order it first came, with those who came first.
CREATE FUNCTION "reaction_summary"(message uuid, most_people integer) RETURNS jsonb LANGUAGE sql AS $$
  SELECT coalesce(jsonb_agg(jsonb_build_object('emoji', g.emoji, 'count', g.count, 'userIds', g.users) ORDER BY g.first, g.emoji), '[]') FROM (
    SELECT r.emoji, count(*) AS count, min(r.created_at) AS first,
      (array_agg(r.user_id ORDER BY r.created_at, r.user_id))[1:most_people] AS users
    FROM reactions r WHERE r.message_id = message GROUP BY r.emoji
  ) g
$$;

CREATE FUNCTION "change_reaction"(
  room uuid, message uuid, expected_author uuid, actor uuid, sign text, is_added boolean, most_kinds integer, most_people integer
) RETURNS message_change LANGUAGE plpgsql AS $$
DECLARE
  held record;
  m messages;
  number bigint;
BEGIN
  SELECT * INTO held FROM lock_message(room, message, expected_author);
  m := held.state;
  IF held.rejection IS NOT NULL THEN RETURN message_change_of(held.rejection, m); END IF;
  IF conversation_write_access(room, actor) <> 'granted' THEN RETURN message_change_of('cannot_message', m); END IF;
  IF is_added THEN
    IF jsonb_array_length(m.reactions) >= most_kinds
      AND NOT EXISTS (SELECT FROM reactions r WHERE r.message_id = message AND r.emoji = sign) THEN
      RETURN message_change_of('reactions_full', m);
    END IF;
    INSERT INTO reactions (message_id, user_id, emoji) VALUES (message, actor, sign) ON CONFLICT DO NOTHING;
  ELSE
    DELETE FROM reactions WHERE message_id = message AND user_id = actor AND emoji = sign;
  END IF;
  IF NOT FOUND THEN RETURN message_change_of('unchanged', m); END IF;
  number := next_room_number(room);
  UPDATE messages SET reactions = reaction_summary(message, most_people), changed_seq = number
  WHERE id = message RETURNING * INTO m;
  RETURN message_change_of('changed', m);
END $$;
