/** A column of sealed values. `id` is the column that identifies their row. */
export type SealedColumn = { readonly table: string; readonly field: string; readonly id: "id" | "user_id" };

/** Every column that the vault seals. The key of the blind indexes, in the settings, is sealed too. */
export const sealedColumns: readonly SealedColumn[] = [
  { table: "contacts", field: "sealed", id: "id" },
  { table: "phone_verifications", field: "sealed", id: "id" },
  { table: "credentials", field: "totp_secret", id: "user_id" },
  { table: "users", field: "birth_date", id: "id" },
  { table: "data_exports", field: "sealed_key", id: "id" },
  { table: "account_deletions", field: "former_self", id: "user_id" },
];
