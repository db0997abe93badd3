-- AlterTable
ALTER TABLE "room_members" ADD COLUMN     "invited_by" UUID;

-- CreateTable
CREATE TABLE "stranger_texts" (
    "id" UUID NOT NULL,
    "author_id" UUID NOT NULL,
    "room_id" UUID NOT NULL,
    "recipient_ids" UUID[],
    "text_hash" BIGINT NOT NULL,
    "words" INTEGER[],
    "shingles" INTEGER[],
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "stranger_texts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "declined_invitations" (
    "room_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "invited_by" UUID,
    "declined_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "declined_invitations_pkey" PRIMARY KEY ("room_id","user_id")
);

-- CreateIndex
CREATE INDEX "stranger_texts_author_id_created_at_idx" ON "stranger_texts"("author_id", "created_at");

-- CreateIndex
CREATE INDEX "stranger_texts_room_id_idx" ON "stranger_texts"("room_id");

-- CreateIndex
CREATE INDEX "stranger_texts_created_at_idx" ON "stranger_texts"("created_at");

-- CreateIndex
CREATE INDEX "declined_invitations_user_id_idx" ON "declined_invitations"("user_id");

-- CreateIndex
CREATE INDEX "declined_invitations_invited_by_idx" ON "declined_invitations"("invited_by");

-- CreateIndex
CREATE INDEX "declined_invitations_declined_at_idx" ON "declined_invitations"("declined_at");

-- AddForeignKey
ALTER TABLE "stranger_texts" ADD CONSTRAINT "stranger_texts_author_id_fkey" FOREIGN KEY ("author_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "stranger_texts" ADD CONSTRAINT "stranger_texts_room_id_fkey" FOREIGN KEY ("room_id") REFERENCES "rooms"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "room_members" ADD CONSTRAINT "room_members_invited_by_fkey" FOREIGN KEY ("invited_by") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "declined_invitations" ADD CONSTRAINT "declined_invitations_room_id_fkey" FOREIGN KEY ("room_id") REFERENCES "rooms"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "declined_invitations" ADD CONSTRAINT "declined_invitations_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "declined_invitations" ADD CONSTRAINT "declined_invitations_invited_by_fkey" FOREIGN KEY ("invited_by") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE;
