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
  "reports",
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
