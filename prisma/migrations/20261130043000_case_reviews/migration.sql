-- AlterTable
ALTER TABLE "moderation_cases"
  ADD COLUMN "reason" TEXT,
  ADD COLUMN "evidence_of" UUID[] DEFAULT ARRAY[]::UUID[],
  ADD COLUMN "reviewed_at" TIMESTAMPTZ(3),
  ADD COLUMN "is_reversed" BOOLEAN NOT NULL DEFAULT false;

-- CreateIndex
CREATE INDEX "moderation_cases_created_at_idx" ON "moderation_cases"("created_at");

-- CreateIndex
CREATE INDEX "moderation_cases_resolved_at_idx" ON "moderation_cases"("resolved_at");

-- CreateIndex
CREATE INDEX "moderation_cases_evidence_of_idx" ON "moderation_cases" USING GIN ("evidence_of");

-- CreateIndex
CREATE INDEX "appeals_created_at_idx" ON "appeals"("created_at");

-- Messages that already wait for review become cases.
INSERT INTO "moderation_cases" ("id", "kind", "target_kind", "target_id", "subject_id", "lounge_id", "room_id", "language_code", "score", "reason",
  "evidence", "evidence_of", "created_at", "updated_at")
SELECT gen_random_uuid(), 'held', 'message', m.id, m.author_id, r.lounge_id, m.room_id, coalesce(m.language_code, r.language_code), 10, 'spam',
  jsonb_build_object(
    'message', jsonb_build_object('id', m.id, 'text', m.text, 'editedAt', NULL, 'attachments', '[]'::jsonb,
      'createdAt', to_char(m.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
      'author', jsonb_build_object('id', u.id, 'displayName', u.display_name, 'avatarUrl', u.avatar_url, 'kind', u.kind, 'role', u.role)),
    'context', '[]'::jsonb, 'profile', NULL, 'item', NULL,
    'conversation', CASE WHEN r.kind <> 'language' THEN jsonb_build_object('roomId', r.id, 'kind', r.kind, 'members', (
      SELECT coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'displayName', p.display_name, 'avatarUrl', p.avatar_url, 'kind', p.kind,
        'role', p.role) ORDER BY o.joined_at, p.id), '[]') FROM room_members o JOIN users p ON p.id = o.user_id WHERE o.room_id = r.id)) END),
  ARRAY(SELECT m.author_id UNION SELECT o.user_id FROM room_members o WHERE o.room_id = r.id AND r.kind <> 'language'),
  m.created_at, m.created_at
FROM messages m JOIN users u ON u.id = m.author_id JOIN rooms r ON r.id = m.room_id
WHERE m.seq IS NULL AND m.moderation = 'pending';

-- The staff who are notified of cases.
CREATE INDEX "users_staff_idx" ON "users"("id") WHERE "role" IN ('moderator', 'admin');

-- A report stays when its reporter is erased.
ALTER TABLE "reports" DROP CONSTRAINT "reports_reporter_id_fkey";
ALTER TABLE "reports" ADD CONSTRAINT "reports_reporter_id_fkey" FOREIGN KEY ("reporter_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
