-- CreateEnum
CREATE TYPE "challenge_purpose" AS ENUM ('add_passkey', 'sign_in', 'second_factor', 'step_up');

-- CreateEnum
CREATE TYPE "contact_kind" AS ENUM ('email', 'phone');

-- CreateEnum
CREATE TYPE "phone_purpose" AS ENUM ('signup', 'reset', 'change');

-- CreateEnum
CREATE TYPE "mail_token_purpose" AS ENUM ('verify_email', 'reset_password');

-- CreateEnum
CREATE TYPE "sanction_kind" AS ENUM ('mute', 'ban');

-- CreateEnum
CREATE TYPE "export_state" AS ENUM ('waiting', 'ready', 'failed', 'expired');

-- CreateEnum
CREATE TYPE "message_fate" AS ENUM ('keep', 'erase');

-- CreateEnum
CREATE TYPE "audience" AS ENUM ('everyone', 'shares_room', 'contacts', 'nobody');

-- AlterTable
ALTER TABLE "sessions" ADD COLUMN     "proven_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "users" ADD COLUMN     "bio" TEXT,
ADD COLUMN     "birth_date" BYTEA,
ADD COLUMN     "is_invisible" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "learning" TEXT[],
ADD COLUMN     "pronouns" TEXT,
ADD COLUMN     "shows_receipts" BOOLEAN NOT NULL DEFAULT true,
ADD COLUMN     "who_may_write" "audience" NOT NULL DEFAULT 'shares_room';

-- CreateTable
CREATE TABLE "credentials" (
    "user_id" UUID NOT NULL,
    "password_hash" TEXT NOT NULL,
    "password_changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "totp_secret" BYTEA,
    "totp_enabled_at" TIMESTAMPTZ(3),
    "totp_last_step" BIGINT,

    CONSTRAINT "credentials_pkey" PRIMARY KEY ("user_id")
);

-- CreateTable
CREATE TABLE "recovery_codes" (
    "user_id" UUID NOT NULL,
    "hash" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "recovery_codes_pkey" PRIMARY KEY ("user_id","hash")
);

-- CreateTable
CREATE TABLE "passkeys" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "credential_id" BYTEA NOT NULL,
    "public_key" BYTEA NOT NULL,
    "counter" BIGINT NOT NULL DEFAULT 0,
    "transports" TEXT[],
    "name" TEXT NOT NULL,
    "is_synced" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_used_at" TIMESTAMPTZ(3),

    CONSTRAINT "passkeys_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "passkey_challenges" (
    "id" UUID NOT NULL,
    "purpose" "challenge_purpose" NOT NULL,
    "user_id" UUID,
    "challenge" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "passkey_challenges_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "contacts" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "kind" "contact_kind" NOT NULL,
    "sealed" BYTEA NOT NULL,
    "blind_index" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "verified_at" TIMESTAMPTZ(3),

    CONSTRAINT "contacts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "phone_verifications" (
    "id" UUID NOT NULL,
    "purpose" "phone_purpose" NOT NULL,
    "user_id" UUID,
    "sealed" BYTEA NOT NULL,
    "blind_index" BYTEA NOT NULL,
    "prefix" TEXT NOT NULL,
    "code_hash" BYTEA NOT NULL,
    "tries_left" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "confirmed_at" TIMESTAMPTZ(3),
    "replaced_at" TIMESTAMPTZ(3),
    "proof_hash" BYTEA,
    "proof_used_at" TIMESTAMPTZ(3),

    CONSTRAINT "phone_verifications_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "mail_tokens" (
    "hash" BYTEA NOT NULL,
    "purpose" "mail_token_purpose" NOT NULL,
    "user_id" UUID NOT NULL,
    "contact_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "mail_tokens_pkey" PRIMARY KEY ("hash")
);

-- CreateTable
CREATE TABLE "guest_merges" (
    "guest_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "guest_merges_pkey" PRIMARY KEY ("guest_id")
);

-- CreateTable
CREATE TABLE "sanctions" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "kind" "sanction_kind" NOT NULL,
    "rule" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "until" TIMESTAMPTZ(3),
    "lifted_at" TIMESTAMPTZ(3),

    CONSTRAINT "sanctions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "data_exports" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "state" "export_state" NOT NULL DEFAULT 'waiting',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "claimed_at" TIMESTAMPTZ(3),
    "ready_at" TIMESTAMPTZ(3),
    "expires_at" TIMESTAMPTZ(3),
    "size_bytes" BIGINT,
    "sealed_key" BYTEA,

    CONSTRAINT "data_exports_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "export_pieces" (
    "export_id" UUID NOT NULL,
    "place" INTEGER NOT NULL,
    "bytes" BYTEA NOT NULL,

    CONSTRAINT "export_pieces_pkey" PRIMARY KEY ("export_id","place")
);

-- CreateTable
CREATE TABLE "account_deletions" (
    "user_id" UUID NOT NULL,
    "requested_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "messages" "message_fate" NOT NULL,
    "former_self" BYTEA NOT NULL,

    CONSTRAINT "account_deletions_pkey" PRIMARY KEY ("user_id")
);

-- CreateIndex
CREATE UNIQUE INDEX "passkeys_credential_id_key" ON "passkeys"("credential_id");

-- CreateIndex
CREATE INDEX "passkeys_user_id_idx" ON "passkeys"("user_id");

-- CreateIndex
CREATE INDEX "passkey_challenges_user_id_idx" ON "passkey_challenges"("user_id");

-- CreateIndex
CREATE INDEX "passkey_challenges_expires_at_idx" ON "passkey_challenges"("expires_at");

-- CreateIndex
CREATE INDEX "contacts_kind_blind_index_idx" ON "contacts"("kind", "blind_index");

-- CreateIndex
CREATE UNIQUE INDEX "contacts_user_id_kind_key" ON "contacts"("user_id", "kind");

-- CreateIndex
CREATE UNIQUE INDEX "phone_verifications_proof_hash_key" ON "phone_verifications"("proof_hash");

-- CreateIndex
CREATE INDEX "phone_verifications_blind_index_created_at_idx" ON "phone_verifications"("blind_index", "created_at");

-- CreateIndex
CREATE INDEX "phone_verifications_prefix_created_at_idx" ON "phone_verifications"("prefix", "created_at");

-- CreateIndex
CREATE INDEX "phone_verifications_created_at_idx" ON "phone_verifications"("created_at");

-- CreateIndex
CREATE INDEX "phone_verifications_user_id_idx" ON "phone_verifications"("user_id");

-- CreateIndex
CREATE INDEX "mail_tokens_user_id_idx" ON "mail_tokens"("user_id");

-- CreateIndex
CREATE INDEX "mail_tokens_expires_at_idx" ON "mail_tokens"("expires_at");

-- CreateIndex
CREATE INDEX "guest_merges_user_id_idx" ON "guest_merges"("user_id");

-- CreateIndex
CREATE INDEX "guest_merges_finished_at_idx" ON "guest_merges"("finished_at");

-- CreateIndex
CREATE INDEX "sanctions_user_id_idx" ON "sanctions"("user_id");

-- CreateIndex
CREATE INDEX "data_exports_user_id_idx" ON "data_exports"("user_id");

-- CreateIndex
CREATE INDEX "data_exports_state_created_at_idx" ON "data_exports"("state", "created_at");

-- CreateIndex
CREATE INDEX "account_deletions_due_at_idx" ON "account_deletions"("due_at");

-- AddForeignKey
ALTER TABLE "credentials" ADD CONSTRAINT "credentials_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "recovery_codes" ADD CONSTRAINT "recovery_codes_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "passkeys" ADD CONSTRAINT "passkeys_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "passkey_challenges" ADD CONSTRAINT "passkey_challenges_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "contacts" ADD CONSTRAINT "contacts_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "phone_verifications" ADD CONSTRAINT "phone_verifications_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "mail_tokens" ADD CONSTRAINT "mail_tokens_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "guest_merges" ADD CONSTRAINT "guest_merges_guest_id_fkey" FOREIGN KEY ("guest_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "guest_merges" ADD CONSTRAINT "guest_merges_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sanctions" ADD CONSTRAINT "sanctions_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "data_exports" ADD CONSTRAINT "data_exports_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "export_pieces" ADD CONSTRAINT "export_pieces_export_id_fkey" FOREIGN KEY ("export_id") REFERENCES "data_exports"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "account_deletions" ADD CONSTRAINT "account_deletions_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What the schema files cannot say.

-- A confirmed number or address opens one account, and no other.
CREATE UNIQUE INDEX "contacts_confirmed_key" ON "contacts"("kind", "blind_index") WHERE "verified_at" IS NOT NULL;

ALTER TABLE "users" ADD CONSTRAINT "users_bio_check" CHECK (char_length("bio") <= 2000);
ALTER TABLE "users" ADD CONSTRAINT "users_pronouns_check" CHECK (char_length("pronouns") <= 200);

-- Guests have no username, nor has anybody who was erased; all others have one.
ALTER TABLE "users" DROP CONSTRAINT "users_guest_username_check";
ALTER TABLE "users" ADD CONSTRAINT "users_guest_username_check" CHECK (("kind" = 'guest' OR "erased_at" IS NOT NULL) = ("username" IS NULL));

-- People are found by how their names begin; guests are not found at all.
CREATE INDEX "users_username_prefix_idx" ON "users"("username_skeleton" text_pattern_ops) WHERE "kind" <> 'guest' AND "erased_at" IS NULL;
CREATE INDEX "users_name_prefix_idx" ON "users"("name_skeleton" text_pattern_ops, "id") WHERE "kind" <> 'guest' AND "erased_at" IS NULL;

-- Look-alikes of a username are as taken as the username itself; bots and members alike.
CREATE UNIQUE INDEX "users_username_skeleton_key" ON "users"("username_skeleton") WHERE "username_skeleton" IS NOT NULL;

-- Two-factor sign-in needs a secret.
ALTER TABLE "credentials" ADD CONSTRAINT "credentials_totp_check" CHECK ("totp_enabled_at" IS NULL OR "totp_secret" IS NOT NULL);

ALTER TABLE "phone_verifications" ADD CONSTRAINT "phone_verifications_tries_check" CHECK ("tries_left" BETWEEN 0 AND 5);
ALTER TABLE "phone_verifications" ADD CONSTRAINT "phone_verifications_proof_check" CHECK (("proof_hash" IS NULL) = ("confirmed_at" IS NULL));
ALTER TABLE "phone_verifications" ADD CONSTRAINT "phone_verifications_proof_used_check" CHECK ("proof_used_at" IS NULL OR "proof_hash" IS NOT NULL);

ALTER TABLE "passkeys" ADD CONSTRAINT "passkeys_name_check" CHECK (char_length("name") BETWEEN 1 AND 100);

ALTER TABLE "guest_merges" ADD CONSTRAINT "guest_merges_other_check" CHECK ("guest_id" <> "user_id");

ALTER TABLE "data_exports" ADD CONSTRAINT "data_exports_ready_check" CHECK ("state" <> 'ready' OR ("ready_at" IS NOT NULL AND "expires_at" IS NOT NULL AND "size_bytes" IS NOT NULL AND "sealed_key" IS NOT NULL));

ALTER TABLE "account_deletions" ADD CONSTRAINT "account_deletions_due_check" CHECK ("due_at" >= "requested_at");
