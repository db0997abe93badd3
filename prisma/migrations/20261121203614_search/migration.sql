-- CreateTable
CREATE TABLE "message_search" (
    "message_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "tokens" INTEGER[],

    CONSTRAINT "message_search_pkey" PRIMARY KEY ("message_id")
);

-- CreateTable
CREATE TABLE "search_progress" (
    "room_id" UUID NOT NULL,
    "seq" BIGINT NOT NULL DEFAULT 0,
    "backlog_from" BIGINT NOT NULL DEFAULT 0,
    "backlog_to" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "search_progress_pkey" PRIMARY KEY ("room_id")
);

-- CreateIndex
CREATE INDEX "message_search_created_at_message_id_idx" ON "message_search"("created_at", "message_id");

-- CreateIndex
CREATE INDEX "message_search_tokens_idx" ON "message_search" USING GIN ("tokens");

-- AddForeignKey
ALTER TABLE "message_search" ADD CONSTRAINT "message_search_message_id_fkey" FOREIGN KEY ("message_id") REFERENCES "messages"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "search_progress" ADD CONSTRAINT "search_progress_room_id_fkey" FOREIGN KEY ("room_id") REFERENCES "rooms"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What the schema files cannot say.

-- Every search names this index by the shape of its question; figures about the commonest numbers would cost each ANALYZE and tell nothing.
ALTER TABLE "message_search" ALTER COLUMN "tokens" SET STATISTICS 0;
ALTER TABLE "search_progress" ADD CONSTRAINT "search_progress_check"
  CHECK ("seq" >= 0 AND "backlog_from" >= 0 AND "backlog_to" >= "backlog_from" AND "backlog_to" <= "seq");
