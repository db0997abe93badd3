-- What a moderator refused before it was ever shown keeps no number either.
ALTER TABLE "messages" DROP CONSTRAINT "messages_pending_check";
ALTER TABLE "messages" ADD CONSTRAINT "messages_pending_check" CHECK ("moderation" <> 'pending' OR "seq" IS NULL);
ALTER TABLE "messages" ADD CONSTRAINT "messages_approved_check" CHECK ("moderation" <> 'approved' OR "seq" IS NOT NULL);
CREATE INDEX "messages_held_idx" ON "messages"("author_id", "room_id") WHERE "seq" IS NULL;
