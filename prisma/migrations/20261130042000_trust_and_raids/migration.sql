-- Trust levels, the network and device of sessions, and what a raid mode holds for review.

-- CreateEnum
CREATE TYPE "trust_level" AS ENUM ('newcomer', 'member', 'regular');

-- AlterTable
ALTER TABLE "sessions" ADD COLUMN     "device_hash" BYTEA,
ADD COLUMN     "network_hash" BYTEA;

-- AlterTable
ALTER TABLE "users" ADD COLUMN     "held_until" TIMESTAMPTZ(3),
ADD COLUMN     "trust_checked_at" TIMESTAMPTZ(3),
ADD COLUMN     "trust_level" "trust_level" NOT NULL DEFAULT 'newcomer';

-- CreateTable
CREATE TABLE "raid_holds" (
    "message_id" UUID NOT NULL,
    "raid_mode_id" UUID NOT NULL,

    CONSTRAINT "raid_holds_pkey" PRIMARY KEY ("message_id")
);

-- CreateTable
CREATE TABLE "used_proofs" (
    "id" UUID NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "used_proofs_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "raid_holds_raid_mode_id_idx" ON "raid_holds"("raid_mode_id");

-- CreateIndex
CREATE INDEX "used_proofs_expires_at_idx" ON "used_proofs"("expires_at");

-- AddForeignKey
ALTER TABLE "raid_holds" ADD CONSTRAINT "raid_holds_message_id_fkey" FOREIGN KEY ("message_id") REFERENCES "messages"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "raid_holds" ADD CONSTRAINT "raid_holds_raid_mode_id_fkey" FOREIGN KEY ("raid_mode_id") REFERENCES "raid_modes"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- The sessions whose hashes are to be removed, and those of a network.
CREATE INDEX "sessions_network_idx" ON "sessions"("network_hash") WHERE "network_hash" IS NOT NULL;
CREATE INDEX "sessions_hashes_idx" ON "sessions"("last_used_at") WHERE "network_hash" IS NOT NULL OR "device_hash" IS NOT NULL;
-- The members whose trust level is due for an update.
CREATE INDEX "users_trust_idx" ON "users"("trust_checked_at" NULLS FIRST) WHERE "kind" = 'member' AND "erased_at" IS NULL;
-- Existing members keep the level that their age gave them, until the job has checked them.
UPDATE "users" SET "trust_level" = 'member' WHERE "kind" = 'member' AND "created_at" < now() - interval '7 days';
