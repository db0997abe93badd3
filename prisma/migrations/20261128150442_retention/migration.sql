-- CreateIndex
CREATE INDEX "audit_log_at_idx" ON "audit_log"("at");

-- CreateIndex
CREATE INDEX "audit_log_action_at_idx" ON "audit_log"("action", "at");

-- CreateIndex
CREATE INDEX "notifications_created_at_idx" ON "notifications"("created_at");

-- CreateIndex
CREATE INDEX "notifications_read_at_idx" ON "notifications"("read_at");

-- CreateIndex
CREATE INDEX "refresh_tokens_replaced_at_idx" ON "refresh_tokens"("replaced_at");

-- The audit log stays append-only. The one exception is the retention job: within a transaction that names its cutoff, entries
-- before the cutoff can be removed, and never those of the last 30 days.
DROP TRIGGER "audit_log_append_only" ON "audit_log";
CREATE TRIGGER "audit_log_append_only" BEFORE UPDATE OR TRUNCATE ON "audit_log"
  FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();

CREATE FUNCTION "refuse_removal"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  cutoff timestamptz := nullif(current_setting('chatroom.audit_cutoff', true), '')::timestamptz;
BEGIN
  IF cutoff IS NULL OR OLD.at >= least(cutoff, now() - interval '30 days') THEN
    RAISE EXCEPTION 'the table % is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN OLD;
END
$$;

CREATE TRIGGER "audit_log_retention" BEFORE DELETE ON "audit_log" FOR EACH ROW EXECUTE FUNCTION "refuse_removal"();
