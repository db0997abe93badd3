-- CreateTable
CREATE TABLE "audit_chain" (
    "number" BIGINT NOT NULL,
    "entry_id" UUID,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "action" TEXT NOT NULL,
    "content_hash" BYTEA NOT NULL,
    "previous_hash" BYTEA NOT NULL,
    "hash" BYTEA NOT NULL,

    CONSTRAINT "audit_chain_pkey" PRIMARY KEY ("number")
);

-- CreateTable
CREATE TABLE "audit_head" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "number" BIGINT NOT NULL,
    "hash" BYTEA NOT NULL,

    CONSTRAINT "audit_head_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_anchor" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "number" BIGINT NOT NULL,
    "hash" BYTEA NOT NULL,
    "entries_before" TIMESTAMPTZ(3),
    "frequent_before" TIMESTAMPTZ(3),

    CONSTRAINT "audit_anchor_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "audit_chain_entry_id_key" ON "audit_chain"("entry_id");

ALTER TABLE "audit_head" ADD CONSTRAINT "audit_head_id_check" CHECK ("id" = 1);
ALTER TABLE "audit_anchor" ADD CONSTRAINT "audit_anchor_id_check" CHECK ("id" = 1);
ALTER TABLE "audit_chain" ADD CONSTRAINT "audit_chain_hash_check"
  CHECK (octet_length("content_hash") = 32 AND octet_length("previous_hash") = 32 AND octet_length("hash") = 32);

-- Triggers and functions of the audit log run as its owner, which may be another role than the application's. They must not execute
-- anything that the application's role could create: names are qualified, and the search path contains only the system catalog.

-- Encodes fields unambiguously, as netstrings: the length in bytes, a colon, the text and a comma; a missing value is "-,".
CREATE FUNCTION "audit_encode"(VARIADIC "fields" text[]) RETURNS bytea LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT convert_to(string_agg(
    CASE WHEN field IS NULL THEN '-,' ELSE octet_length(convert_to(field, 'UTF8'))::text || ':' || field || ',' END, '' ORDER BY position
  ), 'UTF8') FROM unnest(fields) WITH ORDINALITY AS list (field, position)
$$;

-- Returns the milliseconds since 1970.
CREATE FUNCTION "audit_ms"("moment" timestamptz) RETURNS text LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT round(extract(epoch FROM moment) * 1000)::bigint::text
$$;

CREATE FUNCTION "audit_content_hash"("entry" "audit_log") RETURNS bytea LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT sha256(public.audit_encode(entry.id::text, public.audit_ms(entry.at), entry.actor_id::text, entry.action, entry.subject_type,
    entry.subject_id::text, entry.data::text, entry.request_id))
$$;

CREATE FUNCTION "audit_link_hash"("link" "audit_chain") RETURNS bytea LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT sha256(public.audit_encode(link.number::text, encode(link.previous_hash, 'hex'), public.audit_ms(link.at), link.action,
    encode(link.content_hash, 'hex')))
$$;

-- Adds the entries that exist already, oldest first.
INSERT INTO "audit_head" ("number", "hash") VALUES (0, decode(repeat('00', 32), 'hex'));
INSERT INTO "audit_anchor" ("number", "hash") VALUES (0, decode(repeat('00', 32), 'hex'));
DO $$
DECLARE
  entry audit_log;
  link audit_chain;
BEGIN
  SELECT number, hash INTO link.number, link.hash FROM audit_head;
  FOR entry IN SELECT * FROM audit_log ORDER BY at, id LOOP
    link := ROW(link.number + 1, entry.id, entry.at, entry.action, audit_content_hash(entry), link.hash, NULL);
    link.hash := audit_link_hash(link);
    INSERT INTO audit_chain SELECT link.*;
  END LOOP;
  UPDATE audit_head SET number = link.number, hash = link.hash;
END
$$;

-- Links a committed entry to the chain. The trigger is deferred: it takes the lock of the head at the commit, when the transaction takes
-- no other lock any more, and keeps it only until the commit is on disk.
CREATE FUNCTION "audit_append"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  link public.audit_chain;
BEGIN
  SELECT number, hash INTO STRICT link.number, link.hash FROM public.audit_head WHERE id = 1 FOR UPDATE;
  link := ROW(link.number + 1, NEW.id, NEW.at, NEW.action, public.audit_content_hash(NEW), link.hash, NULL);
  link.hash := public.audit_link_hash(link);
  INSERT INTO public.audit_chain SELECT link.*;
  UPDATE public.audit_head SET number = link.number, hash = link.hash WHERE id = 1;
  RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER "audit_log_chain" AFTER INSERT ON "audit_log" DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION "audit_append"();

CREATE FUNCTION "audit_refuse"() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'the table % is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;

-- Rejects changes, except those of rows older than 30 days by audit_expire, which enables the setting while it runs.
CREATE FUNCTION "audit_refuse_unless_expired"() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF current_setting('chatroom.audit_expiry', true) IS DISTINCT FROM 'on' OR OLD.at >= now() - interval '30 days' THEN
    RAISE EXCEPTION 'the table % is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF TG_OP = 'UPDATE' THEN
    RETURN NEW;
  END IF;
  RETURN OLD;
END
$$;

DROP TRIGGER "audit_log_append_only" ON "audit_log";
DROP TRIGGER "audit_log_retention" ON "audit_log";
DROP FUNCTION "refuse_change"();
DROP FUNCTION "refuse_removal"();
CREATE TRIGGER "audit_log_append_only" BEFORE UPDATE OR TRUNCATE ON "audit_log"
  FOR EACH STATEMENT EXECUTE FUNCTION "audit_refuse"();
CREATE TRIGGER "audit_log_retention" BEFORE DELETE ON "audit_log"
  FOR EACH ROW EXECUTE FUNCTION "audit_refuse_unless_expired"();
CREATE TRIGGER "audit_chain_append_only" BEFORE TRUNCATE ON "audit_chain"
  FOR EACH STATEMENT EXECUTE FUNCTION "audit_refuse"();
CREATE TRIGGER "audit_chain_retention" BEFORE UPDATE OR DELETE ON "audit_chain"
  FOR EACH ROW EXECUTE FUNCTION "audit_refuse_unless_expired"();
CREATE TRIGGER "audit_head_append_only" BEFORE DELETE OR TRUNCATE ON "audit_head"
  FOR EACH STATEMENT EXECUTE FUNCTION "audit_refuse"();
CREATE TRIGGER "audit_anchor_append_only" BEFORE DELETE OR TRUNCATE ON "audit_anchor"
  FOR EACH STATEMENT EXECUTE FUNCTION "audit_refuse"();

-- Removes entries before `entries_before`, and those about new guests and ended sessions before `frequent_before`; never those of the last
-- 30 days. A link is removed when no older entry is left; the last removed one becomes the anchor of the chain. Removes at most `most`
-- entries and ten times as many links, and returns how many.
CREATE FUNCTION "audit_expire"("entries_before" timestamptz, "frequent_before" timestamptz, "most" integer,
  OUT "entries" integer, OUT "links" integer)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  young CONSTANT timestamptz := now() - interval '30 days';
  any_due CONSTANT timestamptz := least(entries_before, young);
  frequent_due CONSTANT timestamptz := least(greatest(entries_before, frequent_before), young);
  expired uuid[];
  first_kept bigint;
  last_removed public.audit_chain;
BEGIN
  PERFORM set_config('chatroom.audit_expiry', 'on', true);
  UPDATE public.audit_anchor a SET entries_before = greatest(a.entries_before, any_due),
    frequent_before = greatest(a.frequent_before, frequent_due) WHERE a.id = 1;
  SELECT array_agg(due.id) INTO expired FROM (
    SELECT e.id FROM public.audit_log e
    WHERE e.at < any_due OR (e.action IN ('guest_created', 'session_ended') AND e.at < frequent_due) LIMIT most
  ) due;
  DELETE FROM public.audit_log e WHERE e.id = ANY(expired);
  GET DIAGNOSTICS entries = ROW_COUNT;
  UPDATE public.audit_chain c SET entry_id = NULL WHERE c.entry_id = ANY(expired);

  SELECT min(c.number) INTO first_kept FROM public.audit_chain c WHERE c.entry_id IS NOT NULL;
  IF first_kept IS NULL THEN
    SELECT max(c.number) + 1 INTO first_kept FROM public.audit_chain c;
  END IF;
  SELECT c.* INTO last_removed FROM (
    SELECT * FROM public.audit_chain o WHERE o.number < first_kept ORDER BY o.number LIMIT most * 10
  ) c ORDER BY c.number DESC LIMIT 1;
  links := 0;
  IF last_removed.number IS NOT NULL THEN
    DELETE FROM public.audit_chain c WHERE c.number <= last_removed.number;
    GET DIAGNOSTICS links = ROW_COUNT;
    UPDATE public.audit_anchor a SET number = last_removed.number, hash = last_removed.hash WHERE a.id = 1;
  END IF;
  PERFORM set_config('chatroom.audit_expiry', 'off', true);
END
$$;
REVOKE ALL ON FUNCTION "audit_expire"(timestamptz, timestamptz, integer) FROM PUBLIC;
REVOKE ALL ON FUNCTION "audit_append"() FROM PUBLIC;
