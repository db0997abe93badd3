/** What happens to a table's rows that reference a user when the user is erased. */
export type ErasurePolicy = "cascade" | "anonymise" | "keep";

/** The files of an export, by name. */
export const exportFiles = [
  "profile",
  "contacts",
  "security",
  "passkeys",
  "sessions",
  "history",
  "codes",
  "sanctions",
  "rooms",
  "blocks",
  "messages",
  "reactions",
  "notifications",
  "notification-settings",
  "merges",
  "exports",
] as const;
export type ExportFile = (typeof exportFiles)[number];

/**
 * A column that contains a user's id. `cascade`: the rows are removed. `anonymise`: they stay without anything that identifies the user.
 * `keep`: they stay unchanged. `file` is the export file that contains them; null if none does, for the given `reason`.
 */
export type UserKey = {
  readonly table: string;
  readonly column: string;
  readonly onErasure: ErasurePolicy;
  readonly file: ExportFile | null;
  readonly reason: string;
};

/** Every column that references a user. A test compares it with the database, so that no table is missing. */
export const userKeys: readonly UserKey[] = [
  {
    table: "users",
    column: "id",
    onErasure: "anonymise",
    file: "profile",
    reason: "the user's messages and other users' replies still reference the row; every personal field is cleared",
  },
  {
    table: "messages",
    column: "author_id",
    onErasure: "anonymise",
    file: "messages",
    reason: "kept under the name of a deleted user, or replaced by tombstones without text, as the user chose",
  },
  {
    table: "reactions",
    column: "user_id",
    onErasure: "cascade",
    file: "reactions",
    reason: "the reactions are the user's personal data; the reaction counts of the messages are updated",
  },
  {
    table: "notifications",
    column: "user_id",
    onErasure: "cascade",
    file: "notifications",
    reason: "the account that received them no longer exists",
  },
  {
    table: "notifications",
    column: "actor_id",
    onErasure: "cascade",
    file: null,
    reason: "notifications of other users about the user's messages, which the export contains as messages",
  },
  {
    table: "notification_preferences",
    column: "user_id",
    onErasure: "cascade",
    file: "notification-settings",
    reason: "settings of an account that no longer exists",
  },
  {
    table: "messages",
    column: "mentions",
    onErasure: "keep",
    file: null,
    reason: "part of other users' messages; the id then references an emptied row",
  },
  {
    table: "sanctions",
    column: "user_id",
    onErasure: "keep",
    file: "sanctions",
    reason: "the record of moderation decisions must stay complete; it contains the rule and the duration, but no personal data",
  },
  {
    table: "audit_log",
    column: "subject_id",
    onErasure: "keep",
    file: "history",
    reason: "append-only, kept for AUDIT_RETENTION_DAYS; it contains ids but no personal data, and the id then references an emptied row",
  },
  {
    table: "audit_log",
    column: "actor_id",
    onErasure: "keep",
    file: "history",
    reason: "the same retention; the export does not contain what the user did to other users",
  },
  {
    table: "credentials",
    column: "user_id",
    onErasure: "cascade",
    file: "security",
    reason: "signs in to an account that no longer exists",
  },
  {
    table: "recovery_codes",
    column: "user_id",
    onErasure: "cascade",
    file: "security",
    reason: "signs in to an account that no longer exists",
  },
  { table: "passkeys", column: "user_id", onErasure: "cascade", file: "passkeys", reason: "signs in to an account that no longer exists" },
  {
    table: "passkey_challenges",
    column: "user_id",
    onErasure: "cascade",
    file: null,
    reason: "a challenge that is valid for 5 minutes and contains no personal data",
  },
  {
    table: "contacts",
    column: "user_id",
    onErasure: "cascade",
    file: "contacts",
    reason: "personal data without a purpose once the account is erased",
  },
  {
    table: "phone_verifications",
    column: "user_id",
    onErasure: "cascade",
    file: "codes",
    reason: "contains the encrypted phone number; kept for a day to enforce the limits",
  },
  {
    table: "mail_tokens",
    column: "user_id",
    onErasure: "cascade",
    file: null,
    reason: "a hash of a mailed token, which is deleted once it is used or has expired",
  },
  {
    table: "sessions",
    column: "user_id",
    onErasure: "cascade",
    file: "sessions",
    reason: "contains the name of a device; its tokens are removed with it",
  },
  {
    table: "room_members",
    column: "user_id",
    onErasure: "cascade",
    file: "rooms",
    reason: "the rooms that a user has visited are personal data",
  },
  {
    table: "room_members",
    column: "invited_by",
    onErasure: "keep",
    file: null,
    reason: "part of the membership of the invited user; the id then references an emptied row",
  },
  {
    table: "declined_invitations",
    column: "user_id",
    onErasure: "cascade",
    file: null,
    reason: "kept for 30 days to prevent a repeated invitation; it contains only what the user did",
  },
  {
    table: "declined_invitations",
    column: "invited_by",
    onErasure: "keep",
    file: null,
    reason: "part of the other user's record of the decline; the id then references an emptied row",
  },
  {
    table: "stranger_texts",
    column: "author_id",
    onErasure: "cascade",
    file: null,
    reason: "hashes of texts that the export contains as messages; kept for 48 hours to detect mass messages",
  },
  {
    table: "stranger_texts",
    column: "recipient_ids",
    onErasure: "keep",
    file: null,
    reason: "part of the author's record, which is removed after 48 hours; the id then references an emptied row",
  },
  {
    table: "rooms",
    column: "owner_id",
    onErasure: "keep",
    file: null,
    reason: "a group continues with its remaining members, and the longest-standing of them becomes its owner",
  },
  {
    table: "rooms",
    column: "direct_key",
    onErasure: "keep",
    file: null,
    reason: "identifies the direct conversation of two users; the id then references an emptied row",
  },
  {
    table: "blocks",
    column: "user_id",
    onErasure: "cascade",
    file: "blocks",
    reason: "the users whom a user has blocked are personal data",
  },
  {
    table: "blocks",
    column: "blocked_id",
    onErasure: "cascade",
    file: null,
    reason: "users are not informed who blocked them; a block of an erased account has no effect",
  },
  { table: "guest_merges", column: "user_id", onErasure: "cascade", file: "merges", reason: "links two accounts of one person" },
  { table: "guest_merges", column: "guest_id", onErasure: "cascade", file: "merges", reason: "links two accounts of one person" },
  {
    table: "data_exports",
    column: "user_id",
    onErasure: "cascade",
    file: "exports",
    reason: "a copy of all personal data; the chunks of the archive are removed with it",
  },
  {
    table: "account_deletions",
    column: "user_id",
    onErasure: "cascade",
    file: null,
    reason:
      "the hidden profile, which the export contains as the profile; removed last, because an interrupted erasure is found by this row",
  },
];
