-- CreateEnum
CREATE TYPE "member_state" AS ENUM ('active', 'requested');

-- CreateEnum
CREATE TYPE "room_level" AS ENUM ('all', 'mentions', 'mute');

-- AlterTable
ALTER TABLE "room_members" ADD COLUMN     "level" "room_level" NOT NULL DEFAULT 'all',
ADD COLUMN     "received_seq" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "state" "member_state" NOT NULL DEFAULT 'active';

-- AlterTable
ALTER TABLE "rooms" ADD COLUMN     "changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
ADD COLUMN     "direct_key" TEXT,
ADD COLUMN     "owner_id" UUID;

-- CreateTable
CREATE TABLE "blocks" (
    "user_id" UUID NOT NULL,
    "blocked_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "blocks_pkey" PRIMARY KEY ("user_id","blocked_id")
);

-- CreateIndex
CREATE INDEX "blocks_blocked_id_idx" ON "blocks"("blocked_id");

-- CreateIndex
CREATE UNIQUE INDEX "rooms_direct_key_key" ON "rooms"("direct_key");

-- CreateIndex
CREATE INDEX "rooms_owner_id_idx" ON "rooms"("owner_id");

-- AddForeignKey
ALTER TABLE "rooms" ADD CONSTRAINT "rooms_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "blocks" ADD CONSTRAINT "blocks_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "blocks" ADD CONSTRAINT "blocks_blocked_id_fkey" FOREIGN KEY ("blocked_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What the schema files cannot say.

ALTER TABLE "rooms" ADD CONSTRAINT "rooms_direct_check" CHECK (("kind" = 'direct') = ("direct_key" IS NOT NULL));
ALTER TABLE "rooms" ADD CONSTRAINT "rooms_owner_check" CHECK ("owner_id" IS NULL OR "kind" <> 'language');
ALTER TABLE "room_members" ADD CONSTRAINT "room_members_received_seq_check" CHECK ("received_seq" >= 0);
ALTER TABLE "blocks" ADD CONSTRAINT "blocks_other_check" CHECK ("user_id" <> "blocked_id");

-- Every change of a conversation's row leaves its time, whoever makes it. Language rooms are left alone: theirs change too often,
-- and a time that is in an index would make each of those changes dearer.
CREATE FUNCTION conversation_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.changed_at := clock_timestamp();
  RETURN NEW;
END $$;
CREATE TRIGGER "rooms_changed" BEFORE UPDATE ON "rooms" FOR EACH ROW WHEN (NEW.kind <> 'language') EXECUTE FUNCTION conversation_changed();
CREATE INDEX "rooms_changed_idx" ON "rooms"("changed_at") WHERE "kind" <> 'language';
