import { expect, it } from "vitest";
import { exportFiles, userKeys } from "../../../services/privacy/data-retention-registry.ts";
import { sources } from "../../../services/privacy/export/files.ts";
import { databaseForFile } from "../../support/for-file.ts";

const database = await databaseForFile();

const known = userKeys.map(({ table, column }) => `${table}.${column}`).sort();

/** Identifiers that reference no person. A new one must be reviewed and added here or to the registry. */
const ofNobody = [
  ...["messages", "audit_log", "job_runs", "lounges", "rooms", "sessions", "passkeys", "passkey_challenges", "contacts"].map(
    (table) => `${table}.id`,
  ),
  ...["phone_verifications", "sanctions", "data_exports"].map((table) => `${table}.id`),
  ...["messages.reply_to_id", "reactions.message_id", "message_versions.message_id"],
  ...["notifications.id", "notifications.room_id", "notifications.message_id", "notifications.subject_id"],
  ...["messages.room_id", "messages.client_message_id", "room_members.room_id", "rooms.lounge_id", "database_history.epoch"],
  ...["api_tokens.id", "api_tokens.session_id"],
  ...["declined_invitations.room_id", "stranger_texts.id", "stranger_texts.room_id"],
  ...["message_search.message_id", "search_progress.room_id"],
  ...["refresh_tokens.session_id", "mail_tokens.contact_id", "export_pieces.export_id"],
];

const columns = async (sql: string): Promise<string[]> =>
  (await database.pool.query<{ name: string }>(sql)).rows.map(({ name }) => name).sort();

it("the data retention registry: lists every foreign key to a person, and every other identifier of one", async () => {
  const identifiers = await columns(`
    SELECT format('%s.%s', table_name, column_name) AS name FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name NOT LIKE '\\_prisma%' AND (udt_name IN ('uuid', '_uuid') OR column_name ~ '(user|author|actor|owner|guest|person|member)_id|direct_key')`);
  expect(identifiers).toEqual([...known, ...ofNobody].sort());
});

it("the data retention registry: matches the delete rule of every foreign key in the database", async () => {
  const foreign = await columns(`
    SELECT format('%s.%s', c.conrelid::regclass, a.attname) AS name FROM pg_constraint c
    JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
    WHERE c.contype = 'f' AND c.confrelid = 'users'::regclass`);
  expect(foreign.filter((name) => !known.includes(name))).toEqual([]);
  const cascading = await columns(`
    SELECT format('%s.%s', c.conrelid::regclass, a.attname) AS name FROM pg_constraint c
    JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
    WHERE c.contype = 'f' AND c.confrelid = 'users'::regclass AND c.confdeltype = 'c'`);
  const mayCascade = userKeys.filter(({ onErasure }) => onErasure === "cascade").map(({ table, column }) => `${table}.${column}`);
  expect(cascading.filter((name) => !mayCascade.includes(name))).toEqual([]);
  expect(cascading).not.toEqual([]);
  const loose = known.filter((name) => !foreign.includes(name));
  // A trigger checks the authors of messages once per statement.
  expect(loose).toEqual([
    "audit_log.actor_id",
    "audit_log.subject_id",
    "messages.author_id",
    "messages.mentions",
    "rooms.direct_key",
    "stranger_texts.recipient_ids",
    "users.id",
  ]);
});

it("the data retention registry: states a reason for each entry, and an export file or the reason why there is none", () => {
  expect(userKeys.filter(({ reason }) => reason.trim().split(/\s+/).length < 3)).toEqual([]);
  const files = new Set(userKeys.flatMap(({ file }) => file ?? []));
  expect([...files].sort()).toEqual([...exportFiles].sort());
  for (const { table, file } of userKeys) if (file !== null) expect(sources[file].sql).toContain(table);
});
