-- A notification is about a subject. A message is referenced, so that its deletion removes the notification; any other kind of subject is
-- named by its id. Nodes of the previous release keep writing notifications about messages while this is applied.
CREATE TYPE "notification_subject" AS ENUM ('message');

ALTER TABLE "notifications"
  ADD COLUMN "subject_kind" "notification_subject" NOT NULL DEFAULT 'message',
  ADD COLUMN "subject_id" UUID,
  ALTER COLUMN "room_id" DROP NOT NULL,
  ALTER COLUMN "message_id" DROP NOT NULL,
  ADD CONSTRAINT "notifications_subject_check" CHECK (
    CASE WHEN "subject_kind" = 'message' THEN num_nonnulls("message_id", "room_id") = 2 AND "subject_id" IS NULL
    ELSE num_nonnulls("message_id", "room_id") = 0 AND "subject_id" IS NOT NULL END
  );
