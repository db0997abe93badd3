-- Replaces the table of sanctions by moderation actions, and adds reports, cases, appeals, rules and raid modes.

-- CreateEnum
CREATE TYPE "action_kind" AS ENUM ('warn', 'mute', 'kick', 'ban_room', 'ban_lounge', 'ban_site', 'delete_message', 'wipe_messages', 'remove_item', 'require_phone');

-- CreateEnum
CREATE TYPE "action_scope" AS ENUM ('room', 'lounge', 'site');

-- CreateEnum
CREATE TYPE "case_kind" AS ENUM ('report', 'rule', 'held', 'dispute');

-- CreateEnum
CREATE TYPE "case_outcome" AS ENUM ('dismissed', 'actioned', 'approved', 'refused');

-- CreateEnum
CREATE TYPE "target_kind" AS ENUM ('message', 'user', 'item', 'conversation');

-- CreateEnum
CREATE TYPE "appeal_state" AS ENUM ('open', 'upheld', 'reversed');

-- CreateEnum
CREATE TYPE "rule_kind" AS ENUM ('word', 'regex', 'link', 'mention', 'repeat', 'flood', 'first_messages');

-- CreateEnum
CREATE TYPE "rule_outcome" AS ENUM ('block', 'hold', 'flag', 'silence');

-- AlterEnum
ALTER TYPE "notification_kind" ADD VALUE 'moderation';
ALTER TYPE "notification_kind" ADD VALUE 'appeal';
ALTER TYPE "notification_kind" ADD VALUE 'report';

-- AlterEnum
ALTER TYPE "notification_subject" ADD VALUE 'action';
ALTER TYPE "notification_subject" ADD VALUE 'appeal';
ALTER TYPE "notification_subject" ADD VALUE 'report';

-- AlterTable
ALTER TABLE "notifications" ALTER COLUMN "actor_id" DROP NOT NULL;

-- CreateTable
CREATE TABLE "moderation_actions" (
    "id" UUID NOT NULL,
    "kind" "action_kind" NOT NULL,
    "user_id" UUID,
    "message_id" UUID,
    "item_id" UUID,
    "scope_kind" "action_scope" NOT NULL,
    "scope_id" UUID,
    "rule" TEXT NOT NULL,
    "text" TEXT,
    "case_id" UUID,
    "parent_id" UUID,
    "actor_id" UUID,
    "is_automatic" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3),
    "wipe_since" TIMESTAMPTZ(3),
    "content_state" TEXT,
    "reverted_at" TIMESTAMPTZ(3),
    "reverted_by" UUID,
    "revert_reason" TEXT,

    CONSTRAINT "moderation_actions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "removed_messages" (
    "message_id" UUID NOT NULL,
    "action_id" UUID NOT NULL,
    "content" JSONB NOT NULL,
    "removed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "removed_messages_pkey" PRIMARY KEY ("message_id")
);

-- CreateTable
CREATE TABLE "lounge_moderators" (
    "lounge_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "lounge_moderators_pkey" PRIMARY KEY ("lounge_id","user_id")
);

-- CreateTable
CREATE TABLE "moderation_cases" (
    "id" UUID NOT NULL,
    "number" SERIAL NOT NULL,
    "kind" "case_kind" NOT NULL,
    "target_kind" "target_kind" NOT NULL,
    "target_id" UUID NOT NULL,
    "subject_id" UUID,
    "lounge_id" UUID,
    "room_id" UUID,
    "language_code" TEXT,
    "is_for_admins" BOOLEAN NOT NULL DEFAULT false,
    "is_resolved" BOOLEAN NOT NULL DEFAULT false,
    "version" INTEGER NOT NULL DEFAULT 1,
    "score" INTEGER NOT NULL DEFAULT 0,
    "evidence" JSONB NOT NULL,
    "claimed_by" UUID,
    "claim_expires_at" TIMESTAMPTZ(3),
    "outcome" "case_outcome",
    "note" TEXT,
    "resolved_by" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "resolved_at" TIMESTAMPTZ(3),

    CONSTRAINT "moderation_cases_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "reports" (
    "id" UUID NOT NULL,
    "case_id" UUID NOT NULL,
    "reporter_id" UUID NOT NULL,
    "reason" TEXT NOT NULL,
    "text" TEXT,
    "weight" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "reports_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "appeals" (
    "id" UUID NOT NULL,
    "action_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "text" TEXT NOT NULL,
    "state" "appeal_state" NOT NULL DEFAULT 'open',
    "answer" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "decided_at" TIMESTAMPTZ(3),
    "decided_by" UUID,

    CONSTRAINT "appeals_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "automod_rules" (
    "id" UUID NOT NULL,
    "kind" "rule_kind" NOT NULL,
    "pattern" TEXT,
    "threshold" INTEGER,
    "window_ms" INTEGER,
    "scope_kind" "action_scope" NOT NULL,
    "scope_id" UUID,
    "outcome" "rule_outcome" NOT NULL,
    "silence_ms" INTEGER,
    "exempt_roles" "role"[],
    "message" TEXT,
    "is_enabled" BOOLEAN NOT NULL DEFAULT false,
    "hits" INTEGER NOT NULL DEFAULT 0,
    "created_by" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "automod_rules_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "raid_modes" (
    "id" UUID NOT NULL,
    "scope_kind" "action_scope" NOT NULL,
    "scope_id" UUID,
    "is_automatic" BOOLEAN NOT NULL,
    "measures" TEXT[],
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    "action_id" UUID,
    "started_by" UUID,

    CONSTRAINT "raid_modes_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "guest_bans" (
    "action_id" UUID NOT NULL,
    "hash" BYTEA NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "guest_bans_pkey" PRIMARY KEY ("action_id","hash")
);

-- CreateIndex
CREATE INDEX "moderation_actions_user_id_created_at_idx" ON "moderation_actions"("user_id", "created_at" DESC);

-- CreateIndex
CREATE INDEX "moderation_actions_created_at_id_idx" ON "moderation_actions"("created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "moderation_actions_case_id_idx" ON "moderation_actions"("case_id");

-- CreateIndex
CREATE INDEX "moderation_actions_parent_id_idx" ON "moderation_actions"("parent_id");

-- CreateIndex
CREATE INDEX "moderation_actions_message_id_idx" ON "moderation_actions"("message_id");

-- CreateIndex
CREATE INDEX "moderation_actions_actor_id_idx" ON "moderation_actions"("actor_id");

-- CreateIndex
CREATE INDEX "removed_messages_action_id_idx" ON "removed_messages"("action_id");

-- CreateIndex
CREATE INDEX "removed_messages_removed_at_idx" ON "removed_messages"("removed_at");

-- CreateIndex
CREATE INDEX "lounge_moderators_user_id_idx" ON "lounge_moderators"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "moderation_cases_number_key" ON "moderation_cases"("number");

-- CreateIndex
CREATE INDEX "moderation_cases_target_kind_target_id_idx" ON "moderation_cases"("target_kind", "target_id");

-- CreateIndex
CREATE INDEX "moderation_cases_subject_id_idx" ON "moderation_cases"("subject_id");

-- CreateIndex
CREATE INDEX "moderation_cases_is_resolved_score_created_at_id_idx" ON "moderation_cases"("is_resolved", "score" DESC, "created_at", "id");

-- CreateIndex
CREATE INDEX "moderation_cases_updated_at_idx" ON "moderation_cases"("updated_at");

-- CreateIndex
CREATE INDEX "reports_reporter_id_created_at_idx" ON "reports"("reporter_id", "created_at" DESC);

-- CreateIndex
CREATE INDEX "reports_created_at_idx" ON "reports"("created_at");

-- CreateIndex
CREATE UNIQUE INDEX "reports_case_id_reporter_id_key" ON "reports"("case_id", "reporter_id");

-- CreateIndex
CREATE UNIQUE INDEX "appeals_action_id_key" ON "appeals"("action_id");

-- CreateIndex
CREATE INDEX "appeals_state_created_at_idx" ON "appeals"("state", "created_at");

-- CreateIndex
CREATE INDEX "appeals_user_id_idx" ON "appeals"("user_id");

-- CreateIndex
CREATE INDEX "automod_rules_is_enabled_idx" ON "automod_rules"("is_enabled");

-- CreateIndex
CREATE INDEX "raid_modes_ends_at_idx" ON "raid_modes"("ends_at");

-- CreateIndex
CREATE INDEX "guest_bans_hash_expires_at_idx" ON "guest_bans"("hash", "expires_at");

-- CreateIndex
CREATE INDEX "guest_bans_expires_at_idx" ON "guest_bans"("expires_at");

-- AddForeignKey
ALTER TABLE "moderation_actions" ADD CONSTRAINT "moderation_actions_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "moderation_actions" ADD CONSTRAINT "moderation_actions_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "moderation_cases"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "moderation_actions" ADD CONSTRAINT "moderation_actions_parent_id_fkey" FOREIGN KEY ("parent_id") REFERENCES "moderation_actions"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "removed_messages" ADD CONSTRAINT "removed_messages_message_id_fkey" FOREIGN KEY ("message_id") REFERENCES "messages"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "removed_messages" ADD CONSTRAINT "removed_messages_action_id_fkey" FOREIGN KEY ("action_id") REFERENCES "moderation_actions"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "lounge_moderators" ADD CONSTRAINT "lounge_moderators_lounge_id_fkey" FOREIGN KEY ("lounge_id") REFERENCES "lounges"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "lounge_moderators" ADD CONSTRAINT "lounge_moderators_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reports" ADD CONSTRAINT "reports_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "moderation_cases"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reports" ADD CONSTRAINT "reports_reporter_id_fkey" FOREIGN KEY ("reporter_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "appeals" ADD CONSTRAINT "appeals_action_id_fkey" FOREIGN KEY ("action_id") REFERENCES "moderation_actions"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- The sanctions become actions with the same ids.
INSERT INTO "moderation_actions" ("id", "kind", "user_id", "scope_kind", "rule", "created_at", "expires_at", "reverted_at")
SELECT "id", CASE "kind" WHEN 'ban' THEN 'ban_site' ELSE 'mute' END::"action_kind", "user_id", 'site', "rule", "created_at", "until", "lifted_at"
FROM "sanctions";

DROP TABLE "sanctions";
DROP TYPE "sanction_kind";

ALTER TABLE "moderation_actions"
  ADD CONSTRAINT "moderation_actions_scope_check" CHECK (("scope_kind" = 'site') = ("scope_id" IS NULL)),
  ADD CONSTRAINT "moderation_actions_content_check" CHECK ("content_state" IN ('removing', 'restoring')),
  ADD CONSTRAINT "moderation_actions_ban_check" CHECK (
    CASE "kind" WHEN 'ban_room' THEN "scope_kind" = 'room' WHEN 'ban_lounge' THEN "scope_kind" = 'lounge' WHEN 'ban_site' THEN "scope_kind" = 'site'
      ELSE true END
  );
ALTER TABLE "automod_rules" ADD CONSTRAINT "automod_rules_scope_check" CHECK (("scope_kind" = 'site') = ("scope_id" IS NULL));
ALTER TABLE "raid_modes" ADD CONSTRAINT "raid_modes_scope_check" CHECK (("scope_kind" = 'site') = ("scope_id" IS NULL));

-- A target has one case at a time.
CREATE UNIQUE INDEX "moderation_cases_open_key" ON "moderation_cases"("target_kind", "target_id") WHERE NOT "is_resolved";
CREATE INDEX "moderation_actions_content_idx" ON "moderation_actions"("created_at") WHERE "content_state" IS NOT NULL;
CREATE INDEX "raid_modes_active_idx" ON "raid_modes"("started_at") WHERE "ended_at" IS NULL;
-- The restrictions that a commit of messages looks up.
CREATE INDEX "moderation_actions_restrictions_idx" ON "moderation_actions"("user_id")
  WHERE "kind" IN ('mute', 'kick', 'ban_room', 'ban_lounge', 'ban_site', 'require_phone') AND "reverted_at" IS NULL AND "user_id" IS NOT NULL;

-- The restrictions of users that are active by the clock of the database. Every check of a restriction reads this view.
CREATE VIEW "active_restrictions" AS
  SELECT a."id", a."kind", a."user_id", a."scope_kind", a."scope_id", a."rule", a."expires_at"
  FROM "moderation_actions" a
  WHERE a."kind" IN ('mute', 'kick', 'ban_room', 'ban_lounge', 'ban_site', 'require_phone') AND a."reverted_at" IS NULL AND a."user_id" IS NOT NULL
    AND (a."expires_at" IS NULL OR a."expires_at" > now())
    AND (a."kind" <> 'require_phone' OR NOT EXISTS (
      SELECT FROM "contacts" c WHERE c."user_id" = a."user_id" AND c."kind" = 'phone' AND c."verified_at" IS NOT NULL));

-- Returns which of these pairs of room and author may not write: because of a restriction of the author, or because the lounge is closed.
-- VOLATILE on purpose: each query of a volatile function takes a new snapshot, so a caller that locks the rooms first sees every
-- restriction that was committed before it got the locks. The first query answers almost every call.
CREATE FUNCTION "restricted_writers"(rooms uuid[], authors uuid[]) RETURNS TABLE (room_id uuid, author_id uuid) LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM moderation_actions a
    WHERE a.user_id = ANY(authors) AND a.kind IN ('mute', 'kick', 'ban_room', 'ban_lounge', 'ban_site', 'require_phone')
      AND a.reverted_at IS NULL AND a.user_id IS NOT NULL
  ) AND NOT EXISTS (SELECT FROM lounges l WHERE NOT l.is_active) THEN
    RETURN;
  END IF;
  RETURN QUERY
    SELECT w.room, w.author FROM unnest(rooms, authors) AS w(room, author)
    WHERE EXISTS (
      SELECT FROM active_restrictions a WHERE a.user_id = w.author AND CASE a.scope_kind
        WHEN 'site' THEN true
        WHEN 'room' THEN a.scope_id = w.room
        ELSE a.scope_id = (SELECT r.lounge_id FROM rooms r WHERE r.id = w.room) END
    ) OR EXISTS (SELECT FROM rooms r JOIN lounges l ON l.id = r.lounge_id WHERE r.id = w.room AND NOT l.is_active);
END $$;

-- The same for one pair.
CREATE FUNCTION "is_write_restricted"(room uuid, author uuid) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM moderation_actions a
    WHERE a.user_id = author AND a.kind IN ('mute', 'kick', 'ban_room', 'ban_lounge', 'ban_site', 'require_phone')
      AND a.reverted_at IS NULL AND a.user_id IS NOT NULL
  ) AND NOT EXISTS (SELECT FROM lounges l WHERE NOT l.is_active) THEN
    RETURN false;
  END IF;
  RETURN EXISTS (SELECT FROM restricted_writers(ARRAY[room], ARRAY[author]));
END $$;

-- Who may write in a room: restrictions come first, also in language rooms; then the members of a conversation decide.
ALTER FUNCTION "conversation_write_access"(uuid, uuid) RENAME TO "member_write_access";
CREATE FUNCTION "conversation_write_access"(room uuid, author uuid) RETURNS text LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  IF is_write_restricted(room, author) THEN RETURN 'denied'; END IF;
  RETURN member_write_access(room, author);
END $$;
