-- AlterTable
ALTER TABLE "phone_verifications" DROP COLUMN "tries_left";

-- CreateTable
CREATE TABLE "phone_code_tries" (
    "blind_index" BYTEA NOT NULL,
    "tried_at" TIMESTAMPTZ(3)[],
    "last_tried_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "phone_code_tries_pkey" PRIMARY KEY ("blind_index")
);

-- CreateIndex
CREATE INDEX "phone_code_tries_last_tried_at_idx" ON "phone_code_tries"("last_tried_at");
