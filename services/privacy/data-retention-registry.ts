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
    reason: "what others wrote around somebody's messages keeps its place; the row is emptied of everything that was theirs",
  },
  {
    table: "messages",
    column: "author_id",
    onErasure: "anonymise",
    file: "messages",
    reason: "kept under nobody's name, or removed with their text, as the person chose",
  },
  {
    table: "reactions",
    column: "user_id",
    onErasure: "cascade",
    file: "reactions",
    reason: "what somebody felt is theirs; the counts under the messages go down with it",
  },
  { table: "notifications", column: "user_id", onErasure: "cascade", file: "notifications", reason: "told to nobody any more" },
  {
    table: "notifications",
    column: "actor_id",
    onErasure: "cascade",
    file: null,
    reason: "what somebody's messages told others; they are in the export as messages",
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
    reason: "belongs to what others wrote; an id that leads to an emptied row",
  },
  {
    table: "sanctions",
    column: "user_id",
    onErasure: "keep",
    file: "sanctions",
    reason: "the record of what was decided has to add up; it says which rule and how long, and nothing of the person",
  },
  {
    table: "audit_log",
    column: "subject_id",
    onErasure: "keep",
    file: "history",
    reason: "append-only, for as long as AUDIT_RETENTION_DAYS says; it holds ids and no personal data, and the id leads to an emptied row",
  },
  {
    table: "audit_log",
    column: "actor_id",
    onErasure: "keep",
    file: "history",
    reason: "the same; what somebody did to others is not in their export",
  },
  { table: "credentials", column: "user_id", onErasure: "cascade", file: "security", reason: "opens an account that is no more" },
  { table: "recovery_codes", column: "user_id", onErasure: "cascade", file: "security", reason: "opens an account that is no more" },
  { table: "passkeys", column: "user_id", onErasure: "cascade", file: "passkeys", reason: "opens an account that is no more" },
  {
    table: "passkey_challenges",
    column: "user_id",
    onErasure: "cascade",
    file: null,
    reason: "a question under way; minutes old, and says nothing",
  },
  { table: "contacts", column: "user_id", onErasure: "cascade", file: "contacts", reason: "personal, and of no use without the person" },
  { table: "phone_verifications", column: "user_id", onErasure: "cascade", file: "codes", reason: "holds a number" },
  {
    table: "mail_tokens",
    column: "user_id",
    onErasure: "cascade",
    file: null,
    reason: "a secret that opens the account; of no interest once used",
  },
  { table: "sessions", column: "user_id", onErasure: "cascade", file: "sessions", reason: "holds a device's name; tokens go with it" },
  { table: "room_members", column: "user_id", onErasure: "cascade", file: "rooms", reason: "where somebody has been is their own matter" },
  {
    table: "room_members",
    column: "invited_by",
    onErasure: "keep",
    file: null,
    reason: "belongs to the membership of the person invited; an id that leads to an emptied row",
  },
  {
    table: "declined_invitations",
    column: "user_id",
    onErasure: "cascade",
    file: null,
    reason: "kept for 30 days so that a decline holds; it says nothing that the person does not know",
  },
  {
    table: "declined_invitations",
    column: "invited_by",
    onErasure: "keep",
    file: null,
    reason: "belongs to the person who declined; an id that leads to an emptied row",
  },
  {
    table: "stranger_texts",
    column: "author_id",
    onErasure: "cascade",
    file: null,
    reason: "hashes of texts that are in the export as messages; kept for 48 hours against mass messages",
  },
  {
    table: "stranger_texts",
    column: "recipient_ids",
    onErasure: "keep",
    file: null,
    reason: "belongs to the author of the text and is removed after 48 hours; an id that leads to an emptied row",
  },
  {
    table: "rooms",
    column: "owner_id",
    onErasure: "keep",
    file: null,
    reason: "a conversation goes on among those who are left; it then belongs to who has been in it longest",
  },
  {
    table: "rooms",
    column: "direct_key",
    onErasure: "keep",
    file: null,
    reason: "keeps a conversation the one of its two people; an id that leads to an emptied row",
  },
  {
    table: "blocks",
    column: "user_id",
    onErasure: "cascade",
    file: "blocks",
    reason: "whom somebody did not want to hear of is their own matter",
  },
  {
    table: "blocks",
    column: "blocked_id",
    onErasure: "cascade",
    file: null,
    reason: "nobody is told who blocked them; there is nobody left to block",
  },
  { table: "guest_merges", column: "user_id", onErasure: "cascade", file: "merges", reason: "ties two histories of one person together" },
  { table: "guest_merges", column: "guest_id", onErasure: "cascade", file: "merges", reason: "the same, from the other end" },
  {
    table: "data_exports",
    column: "user_id",
    onErasure: "cascade",
    file: "exports",
    reason: "a copy of everything; its pieces go with it",
  },
  {
    table: "account_deletions",
    column: "user_id",
    onErasure: "cascade",
    file: null,
    reason: "the profile that was put away; it is in the export as the profile. Its row goes last: by it the work is found again",
  },
];
