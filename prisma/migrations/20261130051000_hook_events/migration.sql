-- CreateTable
CREATE TABLE "hook_events" (
    "id" UUID NOT NULL,
    "type" TEXT NOT NULL,
    "subject_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "hook_events_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "hook_events_created_at_idx" ON "hook_events"("created_at");

-- Records an event for the outside classifier in the transaction that causes it, while one is configured: the job hook-events maintains
-- the setting.
CREATE FUNCTION "record_hook_event"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM settings WHERE key = 'moderation_hook_events') THEN
    INSERT INTO hook_events (id, type, subject_id) VALUES (gen_random_uuid(), TG_ARGV[0], NEW.id);
  END IF;
  RETURN NULL;
END
$$;

CREATE TRIGGER "moderation_cases_hook_event" AFTER INSERT ON "moderation_cases"
  FOR EACH ROW EXECUTE FUNCTION "record_hook_event"('case_opened');
CREATE TRIGGER "moderation_actions_hook_event" AFTER INSERT ON "moderation_actions"
  FOR EACH ROW EXECUTE FUNCTION "record_hook_event"('action_taken');
