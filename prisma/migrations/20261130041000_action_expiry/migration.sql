-- AlterTable
ALTER TABLE "moderation_actions" ADD COLUMN "expiry_notified_at" TIMESTAMPTZ(3);

-- Users are not notified about restrictions that ended before.
UPDATE "moderation_actions" SET "expiry_notified_at" = "expires_at" WHERE "expires_at" <= now();

-- CreateIndex
CREATE INDEX "moderation_actions_scope_id_created_at_idx" ON "moderation_actions"("scope_id", "created_at" DESC);

-- The restrictions that the job `expire-actions` looks up. Its condition must match.
CREATE INDEX "moderation_actions_expiry_idx" ON "moderation_actions"("expires_at")
  WHERE "kind" IN ('mute', 'kick', 'ban_room', 'ban_lounge', 'ban_site', 'require_phone') AND "reverted_at" IS NULL AND "user_id" IS NOT NULL
    AND "expiry_notified_at" IS NULL;

-- The public moderation log, newest first. Its condition must match `services/moderation/log/list-log.ts`.
CREATE INDEX "moderation_actions_log_idx" ON "moderation_actions"("created_at" DESC, "id" DESC)
  WHERE "kind" <> 'warn' AND "user_id" IS NOT NULL;

-- An appeal or report is decided once. An action may be followed by another notification when it ends.
CREATE UNIQUE INDEX "notifications_subject_key" ON "notifications"("user_id", "subject_id") WHERE "subject_kind" IN ('appeal', 'report');
