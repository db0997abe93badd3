/** What becomes of the rows by which a table knows a person, when the person is erased. */
export type Fate = "cascade" | "anonymise" | "keep";

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
 * A column that holds a person's id. `cascade`: the rows are removed. `anonymise`: they stay, and nothing in them tells whose
 * they were. `keep`: they stay as they are. `file` is where an export has them; null where it has not, and `why` says so.
 */
export type UserKey = {
  readonly table: string;
  readonly column: string;
  readonly fate: Fate;
  readonly file: ExportFile | null;
  readonly why: string;
};

/** Every column by which the database knows a person. A test holds it against the database: no table may be forgotten. */
export const userKeys: readonly UserKey[] = [
  {
    table: "users",
    column: "id",
    fate: "anonymise",
    file: "profile",
    why: "what others wrote around somebody's messages keeps its place; the row is emptied of everything that was theirs",
  },
  {
    table: "messages",
    column: "author_id",
    fate: "anonymise",
    file: "messages",
    why: "kept under nobody's name, or removed with their text, as the person chose",
  },
  {
    table: "reactions",
    column: "user_id",
    fate: "cascade",
    file: "reactions",
    why: "what somebody felt is theirs; the counts under the messages go down with it",
  },
  { table: "notifications", column: "user_id", fate: "cascade", file: "notifications", why: "told to nobody any more" },
  {
    table: "notifications",
    column: "actor_id",
    fate: "cascade",
    file: null,
    why: "what somebody's messages told others; they are in the export as messages",
  },
  {
    table: "notification_preferences",
    column: "user_id",
    fate: "cascade",
    file: "notification-settings",
    why: "settings of an account that no longer exists",
  },
  {
    table: "messages",
    column: "mentions",
    fate: "keep",
    file: null,
    why: "belongs to what others wrote; an id that leads to an emptied row",
  },
  {
    table: "sanctions",
    column: "user_id",
    fate: "keep",
    file: "sanctions",
    why: "the record of what was decided has to add up; it says which rule and how long, and nothing of the person",
  },
  {
    table: "audit_log",
    column: "subject_id",
    fate: "keep",
    file: "history",
    why: "append-only, for as long as AUDIT_RETENTION_DAYS says; it holds ids and no personal data, and the id leads to an emptied row",
  },
  {
    table: "audit_log",
    column: "actor_id",
    fate: "keep",
    file: "history",
    why: "the same; what somebody did to others is not in their export",
  },
  { table: "credentials", column: "user_id", fate: "cascade", file: "security", why: "opens an account that is no more" },
  { table: "recovery_codes", column: "user_id", fate: "cascade", file: "security", why: "opens an account that is no more" },
  { table: "passkeys", column: "user_id", fate: "cascade", file: "passkeys", why: "opens an account that is no more" },
  {
    table: "passkey_challenges",
    column: "user_id",
    fate: "cascade",
    file: null,
    why: "a question under way; minutes old, and says nothing",
  },
  { table: "contacts", column: "user_id", fate: "cascade", file: "contacts", why: "personal, and of no use without the person" },
  { table: "phone_verifications", column: "user_id", fate: "cascade", file: "codes", why: "holds a number" },
  {
    table: "mail_tokens",
    column: "user_id",
    fate: "cascade",
    file: null,
    why: "a secret that opens the account; of no interest once used",
  },
  { table: "sessions", column: "user_id", fate: "cascade", file: "sessions", why: "holds a device's name; tokens go with it" },
  { table: "room_members", column: "user_id", fate: "cascade", file: "rooms", why: "where somebody has been is their own matter" },
  {
    table: "room_members",
    column: "invited_by",
    fate: "keep",
    file: null,
    why: "belongs to the membership of the person invited; an id that leads to an emptied row",
  },
  {
    table: "declined_invitations",
    column: "user_id",
    fate: "cascade",
    file: null,
    why: "kept for 30 days so that a decline holds; it says nothing that the person does not know",
  },
  {
    table: "declined_invitations",
    column: "invited_by",
    fate: "keep",
    file: null,
    why: "belongs to the person who declined; an id that leads to an emptied row",
  },
  {
    table: "stranger_texts",
    column: "author_id",
    fate: "cascade",
    file: null,
    why: "hashes of texts that are in the export as messages; kept for 48 hours against mass messages",
  },
  {
    table: "stranger_texts",
    column: "recipient_ids",
    fate: "keep",
    file: null,
    why: "belongs to the author of the text and is removed after 48 hours; an id that leads to an emptied row",
  },
  {
    table: "rooms",
    column: "owner_id",
    fate: "keep",
    file: null,
    why: "a conversation goes on among those who are left; it then belongs to who has been in it longest",
  },
  {
    table: "rooms",
    column: "direct_key",
    fate: "keep",
    file: null,
    why: "keeps a conversation the one of its two people; an id that leads to an emptied row",
  },
  { table: "blocks", column: "user_id", fate: "cascade", file: "blocks", why: "whom somebody did not want to hear of is their own matter" },
  {
    table: "blocks",
    column: "blocked_id",
    fate: "cascade",
    file: null,
    why: "nobody is told who blocked them; there is nobody left to block",
  },
  { table: "guest_merges", column: "user_id", fate: "cascade", file: "merges", why: "ties two histories of one person together" },
  { table: "guest_merges", column: "guest_id", fate: "cascade", file: "merges", why: "the same, from the other end" },
  { table: "data_exports", column: "user_id", fate: "cascade", file: "exports", why: "a copy of everything; its pieces go with it" },
  {
    table: "account_deletions",
    column: "user_id",
    fate: "cascade",
    file: null,
    why: "the profile that was put away; it is in the export as the profile. Its row goes last: by it the work is found again",
  },
];
