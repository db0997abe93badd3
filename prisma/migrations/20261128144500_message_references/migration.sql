-- The references of a message are checked once a statement instead of once a row: a commit writes hundreds of rows, and three foreign
-- keys cost a third of the time of each. The commit holds the row of the room; people are never deleted, only emptied; a message with
-- a number is never deleted either. Deletions by hand are rejected below, as the foreign keys did.
ALTER TABLE "messages" DROP CONSTRAINT "messages_room_id_fkey";
ALTER TABLE "messages" DROP CONSTRAINT "messages_author_id_fkey";
ALTER TABLE "messages" DROP CONSTRAINT "messages_reply_to_id_fkey";

-- Replies are derived from their parent when they are read, so nothing looks them up by it any more.
DROP INDEX "messages_replies_idx";

CREATE FUNCTION "check_message_references"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  missing text;
BEGIN
  SELECT CASE WHEN author_exists AND room_exists THEN 'reply_to_id' WHEN author_exists THEN 'room_id' ELSE 'author_id' END INTO missing
  FROM (
    SELECT
      EXISTS (SELECT FROM users u WHERE u.id = a.author_id OFFSET 0) AS author_exists,
      EXISTS (SELECT FROM rooms r WHERE r.id = a.room_id OFFSET 0) AS room_exists,
      a.reply_to_id IS NULL OR EXISTS (SELECT FROM messages p WHERE p.id = a.reply_to_id AND p.room_id = a.room_id OFFSET 0) AS parent_exists
    FROM added a OFFSET 0
  ) c WHERE NOT (author_exists AND room_exists AND parent_exists) LIMIT 1;
  IF missing IS NOT NULL THEN
    RAISE foreign_key_violation USING TABLE = 'messages', COLUMN = missing, CONSTRAINT = format('messages_%s_fkey', missing),
      MESSAGE = format('A message refers by %s to a row that does not exist.', missing);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER "messages_references" AFTER INSERT ON "messages" REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION "check_message_references"();

CREATE FUNCTION "keep_referenced"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_TABLE_NAME = 'users' AND EXISTS (SELECT FROM messages m WHERE m.author_id = OLD.id) THEN
    RAISE foreign_key_violation USING CONSTRAINT = 'messages_author_id_fkey', TABLE = 'messages', MESSAGE = 'A person who wrote messages cannot be deleted.';
  ELSIF TG_TABLE_NAME = 'rooms' AND EXISTS (SELECT FROM messages m WHERE m.room_id = OLD.id) THEN
    RAISE foreign_key_violation USING CONSTRAINT = 'messages_room_id_fkey', TABLE = 'messages', MESSAGE = 'A room with messages cannot be deleted.';
  END IF;
  RETURN OLD;
END $$;
CREATE TRIGGER "users_keep_referenced" BEFORE DELETE ON "users" FOR EACH ROW EXECUTE FUNCTION "keep_referenced"();
CREATE TRIGGER "rooms_keep_referenced" BEFORE DELETE ON "rooms" FOR EACH ROW EXECUTE FUNCTION "keep_referenced"();
