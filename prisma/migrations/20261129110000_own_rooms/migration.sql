-- AlterTable
ALTER TABLE "room_members" ADD COLUMN     "first_sent_at" TIMESTAMPTZ(3),
ADD COLUMN     "starred_at" TIMESTAMPTZ(3);

-- The language rooms in which people have written already.
UPDATE "room_members" m SET "first_sent_at" = sent.at
FROM (
    SELECT x."room_id", x."author_id", min(x."created_at") AS at
    FROM "messages" x JOIN "rooms" r ON r."id" = x."room_id" AND r."kind" = 'language'
    GROUP BY x."room_id", x."author_id"
) sent
WHERE m."room_id" = sent."room_id" AND m."user_id" = sent."author_id";
