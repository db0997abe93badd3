-- CreateEnum
CREATE TYPE "moderation" AS ENUM ('approved', 'pending', 'removed');

-- CreateEnum
CREATE TYPE "access_level" AS ENUM ('open', 'registered', 'phone_verified', 'age_verified', 'private');

-- CreateEnum
CREATE TYPE "room_kind" AS ENUM ('language', 'direct', 'group');

-- CreateEnum
CREATE TYPE "former_guest_messages" AS ENUM ('keep', 'remove');

-- CreateEnum
CREATE TYPE "user_kind" AS ENUM ('guest', 'member', 'bot');

-- CreateEnum
CREATE TYPE "role" AS ENUM ('guest', 'member', 'moderator', 'admin');

-- CreateEnum
CREATE TYPE "presence_status" AS ENUM ('online', 'away', 'offline');

-- CreateTable
CREATE TABLE "messages" (
    "id" UUID NOT NULL,
    "room_id" UUID NOT NULL,
    "author_id" UUID NOT NULL,
    "client_message_id" UUID NOT NULL,
    "seq" BIGINT,
    "changed_seq" BIGINT,
    "text" TEXT NOT NULL,
    "language_code" TEXT,
    "moderation" "moderation" NOT NULL DEFAULT 'approved',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "edited_at" TIMESTAMPTZ(3),
    "deleted_at" TIMESTAMPTZ(3),

    CONSTRAINT "messages_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_log" (
    "id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "actor_id" UUID,
    "action" TEXT NOT NULL,
    "subject_type" TEXT NOT NULL,
    "subject_id" UUID,
    "data" JSONB NOT NULL DEFAULT '{}',
    "request_id" TEXT,

    CONSTRAINT "audit_log_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "database_history" (
    "epoch" UUID NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "database_history_pkey" PRIMARY KEY ("epoch")
);

-- CreateTable
CREATE TABLE "settings" (
    "key" TEXT NOT NULL,
    "value" JSONB NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "settings_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "job_runs" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "duration_ms" INTEGER NOT NULL,
    "rows" INTEGER NOT NULL,
    "error" TEXT,

    CONSTRAINT "job_runs_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "lounges" (
    "id" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "access_level" "access_level" NOT NULL DEFAULT 'open',
    "icon_color" TEXT NOT NULL,
    "is_active" BOOLEAN NOT NULL DEFAULT true,
    "max_capacity" INTEGER,
    "position" INTEGER NOT NULL DEFAULT 0,
    "former_guest_messages" "former_guest_messages" NOT NULL DEFAULT 'keep',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "lounges_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "rooms" (
    "id" UUID NOT NULL,
    "kind" "room_kind" NOT NULL,
    "lounge_id" UUID,
    "language_code" TEXT,
    "name" TEXT NOT NULL,
    "topic" TEXT,
    "slow_mode_ms" INTEGER NOT NULL DEFAULT 0,
    "last_seq" BIGINT NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "rooms_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "room_members" (
    "room_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "last_read_seq" BIGINT NOT NULL DEFAULT 0,
    "joined_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "room_members_pkey" PRIMARY KEY ("room_id","user_id")
);

-- CreateTable
CREATE TABLE "sessions" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "user_agent" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_used_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    "end_reason" TEXT,

    CONSTRAINT "sessions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "refresh_tokens" (
    "hash" BYTEA NOT NULL,
    "session_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "replaced_at" TIMESTAMPTZ(3),

    CONSTRAINT "refresh_tokens_pkey" PRIMARY KEY ("hash")
);

-- CreateTable
CREATE TABLE "users" (
    "id" UUID NOT NULL,
    "kind" "user_kind" NOT NULL,
    "role" "role" NOT NULL,
    "username" TEXT,
    "username_skeleton" TEXT,
    "display_name" TEXT NOT NULL,
    "name_skeleton" TEXT NOT NULL,
    "avatar_url" TEXT,
    "languages" TEXT[],
    "accepted_rules_version" INTEGER,
    "presence_status" "presence_status" NOT NULL DEFAULT 'offline',
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "erased_at" TIMESTAMPTZ(3),

    CONSTRAINT "users_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "messages_author_id_client_message_id_key" ON "messages"("author_id", "client_message_id");

-- CreateIndex
CREATE UNIQUE INDEX "messages_room_id_seq_key" ON "messages"("room_id", "seq");

-- CreateIndex
CREATE UNIQUE INDEX "messages_room_id_changed_seq_key" ON "messages"("room_id", "changed_seq");

-- CreateIndex
CREATE INDEX "audit_log_actor_id_at_idx" ON "audit_log"("actor_id", "at");

-- CreateIndex
CREATE INDEX "audit_log_subject_type_subject_id_at_idx" ON "audit_log"("subject_type", "subject_id", "at");

-- CreateIndex
CREATE INDEX "job_runs_name_started_at_idx" ON "job_runs"("name", "started_at" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "lounges_slug_key" ON "lounges"("slug");

-- CreateIndex
CREATE INDEX "lounges_is_active_position_id_idx" ON "lounges"("is_active", "position", "id");

-- CreateIndex
CREATE UNIQUE INDEX "rooms_lounge_id_language_code_key" ON "rooms"("lounge_id", "language_code");

-- CreateIndex
CREATE INDEX "room_members_user_id_idx" ON "room_members"("user_id");

-- CreateIndex
CREATE INDEX "sessions_user_id_idx" ON "sessions"("user_id");

-- CreateIndex
CREATE INDEX "sessions_ended_at_idx" ON "sessions"("ended_at");

-- CreateIndex
CREATE INDEX "sessions_expires_at_idx" ON "sessions"("expires_at");

-- CreateIndex
CREATE INDEX "refresh_tokens_session_id_idx" ON "refresh_tokens"("session_id");

-- CreateIndex
CREATE UNIQUE INDEX "users_username_key" ON "users"("username");

-- CreateIndex
CREATE INDEX "users_name_skeleton_idx" ON "users"("name_skeleton");

-- CreateIndex
CREATE INDEX "users_username_skeleton_idx" ON "users"("username_skeleton");

-- CreateIndex
CREATE INDEX "users_kind_last_seen_at_idx" ON "users"("kind", "last_seen_at");

-- CreateIndex
CREATE INDEX "users_presence_status_last_seen_at_idx" ON "users"("presence_status", "last_seen_at");

-- AddForeignKey
ALTER TABLE "messages" ADD CONSTRAINT "messages_room_id_fkey" FOREIGN KEY ("room_id") REFERENCES "rooms"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "messages" ADD CONSTRAINT "messages_author_id_fkey" FOREIGN KEY ("author_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "rooms" ADD CONSTRAINT "rooms_lounge_id_fkey" FOREIGN KEY ("lounge_id") REFERENCES "lounges"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "room_members" ADD CONSTRAINT "room_members_room_id_fkey" FOREIGN KEY ("room_id") REFERENCES "rooms"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "room_members" ADD CONSTRAINT "room_members_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "refresh_tokens" ADD CONSTRAINT "refresh_tokens_session_id_fkey" FOREIGN KEY ("session_id") REFERENCES "sessions"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What the schema files cannot say: rows that contradict themselves are refused.

ALTER TABLE "users" ADD CONSTRAINT "users_guest_role_check" CHECK (("kind" = 'guest') = ("role" = 'guest'));
ALTER TABLE "users" ADD CONSTRAINT "users_guest_username_check" CHECK (("kind" = 'guest') = ("username" IS NULL));
ALTER TABLE "users" ADD CONSTRAINT "users_display_name_check" CHECK (char_length("display_name") BETWEEN 1 AND 200);

-- A language room has a lounge and a language, a conversation has neither.
ALTER TABLE "rooms" ADD CONSTRAINT "rooms_lounge_check" CHECK (("kind" = 'language') = ("lounge_id" IS NOT NULL));
ALTER TABLE "rooms" ADD CONSTRAINT "rooms_language_check" CHECK (("kind" = 'language') = ("language_code" IS NOT NULL));
ALTER TABLE "rooms" ADD CONSTRAINT "rooms_slow_mode_check" CHECK ("slow_mode_ms" BETWEEN 0 AND 21600000);
ALTER TABLE "rooms" ADD CONSTRAINT "rooms_last_seq_check" CHECK ("last_seq" >= 0);

-- A message has its numbers exactly when it is no longer pending.
ALTER TABLE "messages" ADD CONSTRAINT "messages_pending_check" CHECK (("moderation" = 'pending') = ("seq" IS NULL));
ALTER TABLE "messages" ADD CONSTRAINT "messages_numbered_check" CHECK (("seq" IS NULL) = ("changed_seq" IS NULL));
ALTER TABLE "messages" ADD CONSTRAINT "messages_seq_check" CHECK ("seq" > 0);
ALTER TABLE "messages" ADD CONSTRAINT "messages_changed_seq_check" CHECK ("changed_seq" >= "seq");

ALTER TABLE "room_members" ADD CONSTRAINT "room_members_last_read_seq_check" CHECK ("last_read_seq" >= 0);

ALTER TABLE "sessions" ADD CONSTRAINT "sessions_expiry_check" CHECK ("expires_at" > "created_at");

-- The audit log is only ever added to.
CREATE FUNCTION "refuse_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the table % is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE TRIGGER "audit_log_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "audit_log"
  FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();
