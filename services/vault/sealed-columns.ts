/** A column of sealed values. `id` is the column whose value says of which row they are. */
export type SealedColumn = { readonly table: string; readonly field: string; readonly id: "id" | "user_id" };

/** Every column that the vault seals, as its places name them. The key of the blind indexes is sealed too, in the settings. */
export const sealedColumns: readonly SealedColumn[] = [
  { table: "contacts", field: "sealed", id: "id" },
  { table: "phone_verifications", field: "sealed", id: "id" },
  { table: "credentials", field: "totp_secret", id: "user_id" },
  { table: "users", field: "birth_date", id: "id" },
  { table: "data_exports", field: "sealed_key", id: "id" },
  { table: "account_deletions", field: "former_self", id: "user_id" },
];
