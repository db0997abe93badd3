import { createSecretKey } from "node:crypto";
import type pg from "pg";
import { deriveKey, randomToken } from "../../utils/crypto.ts";
import { createVault, type DataKeys, type Vault } from "./vault.ts";

const SETTING = "blind_index_key";
const CONTEXT = { table: "settings", field: "value", id: SETTING } as const;

/** Creates a vault that only reads and writes this setting, so it has no blind index key. */
const bare = (keys: DataKeys): Vault => createVault(keys, deriveKey(keys.current, "no index"));

const READ = "SELECT value FROM settings WHERE key = $1";
const INSERT = "INSERT INTO settings (key, value, updated_at) VALUES ($1, to_jsonb($2::text), now()) ON CONFLICT (key) DO NOTHING";
const REPLACE = "UPDATE settings SET value = to_jsonb($2::text), updated_at = now() WHERE key = $1";

async function readIndexKey(pool: pg.Pool): Promise<Buffer | null> {
  const { rows } = await pool.query<{ value: string }>(READ, [SETTING]);
  return rows[0] === undefined ? null : Buffer.from(rows[0].value, "base64");
}

const sealedText = (keys: DataKeys, key: string): string => Buffer.from(bare(keys).seal(CONTEXT, key)).toString("base64");

/**
 * Opens the vault of an installation. The key of its blind indexes is created once and stored in the database, encrypted with the data key.
 * @throws when the given data keys are not those of this database
 */
export async function openVault(pool: pg.Pool, keys: DataKeys): Promise<Vault> {
  if ((await readIndexKey(pool)) === null) await pool.query(INSERT, [SETTING, sealedText(keys, randomToken())]);
  const sealed = await readIndexKey(pool);
  if (sealed === null) throw new Error("The key of the blind indexes was removed while it was read.");
  return createVault(keys, createSecretKey(Buffer.from(bare(keys).open(CONTEXT, sealed), "base64url")));
}

/** Re-encrypts the key of the blind indexes with the current data key. @returns whether it was encrypted with another one before */
export async function resealIndexKey(pool: pg.Pool, keys: DataKeys): Promise<boolean> {
  const sealed = await readIndexKey(pool);
  if (sealed === null || bare(keys).isCurrent(sealed)) return false;
  await pool.query(REPLACE, [SETTING, sealedText(keys, bare(keys).open(CONTEXT, sealed))]);
  return true;
}
