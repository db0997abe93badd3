-- AlterTable
ALTER TABLE "users" ADD COLUMN     "retired_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "api_tokens" (
    "id" UUID NOT NULL,
    "session_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "hash" BYTEA NOT NULL,

    CONSTRAINT "api_tokens_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "api_tokens_session_id_key" ON "api_tokens"("session_id");

-- CreateIndex
CREATE UNIQUE INDEX "api_tokens_hash_key" ON "api_tokens"("hash");

-- AddForeignKey
ALTER TABLE "api_tokens" ADD CONSTRAINT "api_tokens_session_id_fkey" FOREIGN KEY ("session_id") REFERENCES "sessions"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "api_tokens" ADD CONSTRAINT "api_tokens_name_check" CHECK (char_length("name") BETWEEN 1 AND 100);
ALTER TABLE "api_tokens" ADD CONSTRAINT "api_tokens_hash_check" CHECK (octet_length("hash") = 32);

-- People leave by having their account deleted; only bots are retired.
ALTER TABLE "users" ADD CONSTRAINT "users_retired_check" CHECK ("retired_at" IS NULL OR "kind" = 'bot');
