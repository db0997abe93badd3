-- The open ones are left out: while the database knew little of the table, it went through all of them to find one of a given id.
DROP INDEX "sessions_ended_at_idx";
CREATE INDEX "sessions_ended_at_idx" ON "sessions"("ended_at") WHERE "ended_at" IS NOT NULL;
