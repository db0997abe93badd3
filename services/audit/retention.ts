/** The retention of a table. `job` is the job that purges it; null if a user action removes rows, or if rows are kept. */
export type RetentionRule = {
  readonly table: string;
  readonly keeps: string;
  readonly job: string | null;
  /** The setting that changes the retention, if any. */
  readonly setting: string | null;
};

/** The retention rule of every table. A test compares it with the schema, the jobs and docs/retention.md, so that none is missing. */
export const retentionRules: readonly RetentionRule[] = [
  { table: "account_deletions", keeps: "until the account is erased, 14 days after the request", job: "erase-accounts", setting: null },
  { table: "api_tokens", keeps: "with their session, 30 days after it ended", job: "expire-sessions", setting: null },
  { table: "appeals", keeps: "with their action; without the texts once the account is erased", job: null, setting: null },
  {
    table: "audit_anchor",
    keeps: "indefinitely; one row",
    job: null,
    setting: null,
  },
  {
    table: "audit_chain",
    keeps: "as long as an older entry of the audit log is kept, at most 365 days by default",
    job: "purge-audit-log",
    setting: "AUDIT_RETENTION_DAYS",
  },
  { table: "audit_head", keeps: "indefinitely; one row", job: null, setting: null },
  {
    table: "audit_log",
    keeps: "365 days by default; entries about new guests and ended sessions 90 days",
    job: "purge-audit-log",
    setting: "AUDIT_RETENTION_DAYS",
  },
  { table: "automod_rules", keeps: "until staff delete them", job: null, setting: null },
  { table: "blocks", keeps: "until their owner removes them or either account is erased", job: null, setting: null },
  { table: "contacts", keeps: "until they are replaced or the account is erased", job: null, setting: null },
  { table: "credentials", keeps: "until the account is erased; one row per member", job: null, setting: null },
  { table: "data_exports", keeps: "the archive 7 days, its record 30 days after the request", job: "run-exports", setting: null },
  { table: "database_history", keeps: "indefinitely; one row per restored database", job: null, setting: null },
  { table: "declined_invitations", keeps: "30 days", job: "purge-declines", setting: null },
  { table: "export_pieces", keeps: "7 days, with the archive they belong to", job: "run-exports", setting: null },
  { table: "guest_bans", keeps: "until the ban ends, at most 7 days; keyed hashes only", job: "expire-sessions", setting: null },
  { table: "guest_merges", keeps: "30 days after the merge is finished", job: "merge-guests", setting: null },
  {
    table: "hook_events",
    keeps: "until they are delivered, at most 3 days and 10,000 events",
    job: "hook-events",
    setting: "MODERATION_HOOK_URL",
  },
  { table: "job_failures", keeps: "until the row is processed, at most 30 days after its last failure", job: "purge-runs", setting: null },
  { table: "job_runs", keeps: "14 days", job: "purge-runs", setting: null },
  { table: "lounge_moderators", keeps: "until an admin removes them or the account is erased", job: null, setting: null },
  { table: "lounges", keeps: "until an admin removes them", job: null, setting: null },
  { table: "mail_tokens", keeps: "until they are used or expire, at most 2 days", job: "purge-codes", setting: null },
  { table: "message_search", keeps: "with their message", job: null, setting: null },
  {
    table: "message_versions",
    keeps: "with their message; the text of a deleted message 30 days",
    job: "purge-deleted-texts",
    setting: null,
  },
  {
    table: "messages",
    keeps: "indefinitely, unless the author or the staff deletes them (the number is kept, the text is removed); rejected ones 30 days",
    job: "purge-deleted-texts",
    setting: null,
  },
  { table: "moderation_actions", keeps: "indefinitely, as a record of moderation decisions", job: null, setting: null },
  { table: "moderation_cases", keeps: "365 days after they were resolved", job: "purge-moderation", setting: null },
  {
    table: "notification_preferences",
    keeps: "until the account is erased; one row per user who changed a setting",
    job: null,
    setting: null,
  },
  { table: "notifications", keeps: "30 days after they were read, at most 90 days", job: "purge-notifications", setting: null },
  { table: "passkey_challenges", keeps: "5 minutes", job: "purge-codes", setting: null },
  { table: "passkeys", keeps: "until their owner removes them or the account is erased; at most 20 per member", job: null, setting: null },
  { table: "phone_code_tries", keeps: "1 day after the last attempt for a number", job: "purge-codes", setting: null },
  { table: "phone_verifications", keeps: "1 day", job: "purge-codes", setting: null },
  { table: "raid_holds", keeps: "with their message", job: null, setting: null },
  { table: "raid_modes", keeps: "indefinitely, as a record of moderation decisions", job: null, setting: null },
  { table: "reactions", keeps: "until they are removed, or with their message", job: null, setting: null },
  { table: "recovery_codes", keeps: "until they are replaced or the account is erased; 10 per member", job: null, setting: null },
  { table: "refresh_tokens", keeps: "30 days after they were replaced, or with their session", job: "expire-sessions", setting: null },
  {
    table: "reports",
    keeps: "with their case; without the text once the reporter is erased and the case resolved",
    job: "purge-moderation",
    setting: null,
  },
  { table: "removed_messages", keeps: "30 days, to undo the removal of messages", job: "purge-deleted-texts", setting: null },
  { table: "room_members", keeps: "until the user leaves or their account is erased", job: null, setting: null },
  { table: "rooms", keeps: "indefinitely; a conversation keeps its messages for the remaining members", job: null, setting: null },
  { table: "search_progress", keeps: "with their room; one row per room", job: null, setting: null },
  {
    table: "sessions",
    keeps: "30 days after they ended; keyed hashes of the network and the device 7 days after the last use",
    job: "expire-sessions",
    setting: null,
  },
  { table: "settings", keeps: "indefinitely; a few rows", job: null, setting: null },
  { table: "sms_budgets", keeps: "30 days; one row per day", job: "purge-codes", setting: null },
  { table: "stranger_texts", keeps: "2 days, as hashes", job: "purge-stranger-texts", setting: null },
  { table: "used_proofs", keeps: "2 minutes, until the challenge expires", job: "purge-codes", setting: null },
  {
    table: "users",
    keeps:
      "members until they delete their account, guests 24 hours after their last activity; an emptied row is kept as the author of messages, and removed after 90 days if it belonged to a guest without messages",
    job: "purge-guests",
    setting: null,
  },
];
