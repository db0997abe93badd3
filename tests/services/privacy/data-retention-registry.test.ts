import { expect, it } from "vitest";
import { userKeys } from "../../../services/privacy/data-retention-registry.ts";
import { sources } from "../../../services/privacy/export/files.ts";
import { exportFiles } from "../../../services/privacy/user-key.ts";
import { databaseForFile } from "../../support/for-file.ts";

const database = await databaseForFile();

const known = userKeys.map(({ table, column }) => `${table}.${column}`).sort();

/** Identifiers that reference no person. A new one must be reviewed and added here or to the registry. */
const ofNobody = [
  ...["messages", "audit_log", "job_runs", "lounges", "rooms", "sessions", "passkeys", "passkey_challenges", "contacts"].map(
    (table) => `${table}.id`,
  ),
  ...["phone_verifications", "moderation_actions", "data_exports"].map((table) => `${table}.id`),
  ...["message_id", "item_id", "scope_id", "case_id", "parent_id"].map((column) => `moderation_actions.${column}`),
  ...["reports.id", "reports.case_id", "moderation_cases.id", "moderation_cases.lounge_id", "moderation_cases.room_id"],
  ...["raid_modes.id", "raid_modes.scope_id", "raid_modes.action_id", "raid_holds.message_id", "raid_holds.raid_mode_id"],
  ...["guest_bans.action_id", "used_proofs.id"],
  // A view of moderation_actions.
  ...["id", "scope_id", "user_id"].map((column) => `active_restrictions.${column}`),
  ...["automod_rules.id", "automod_rules.scope_id"],
  ...["removed_messages.message_id", "removed_messages.action_id"],
  ...["messages.reply_to_id", "reactions.message_id", "message_versions.message_id"],
  ...["notifications.id", "notifications.room_id", "notifications.message_id", "notifications.subject_id"],
  ...["messages.room_id", "messages.client_message_id", "room_members.room_id", "rooms.lounge_id", "database_history.epoch"],
  ...["audit_chain.entry_id", "hook_events.id", "hook_events.subject_id"],
  ...["api_tokens.id", "api_tokens.session_id", "appeals.id", "appeals.action_id", "lounge_moderators.lounge_id"],
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
    "appeals.decided_by",
    "appeals.user_id",
    "audit_log.actor_id",
    "audit_log.subject_id",
    "automod_rules.created_by",
    "messages.author_id",
    "messages.mentions",
    "moderation_actions.actor_id",
    "moderation_actions.reverted_by",
    "moderation_cases.claimed_by",
    "moderation_cases.evidence_of",
    "moderation_cases.resolved_by",
    "moderation_cases.subject_id",
    "moderation_cases.target_id",
    "raid_modes.started_by",
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
