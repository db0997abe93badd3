import type { KeyObject } from "node:crypto";
import type pg from "pg";
import { deriveBytes, deriveKey, randomToken } from "../../../utils/crypto.ts";

/** The installation's secret; signatures of the previous one are still accepted. */
export type Secret = { readonly current: string; readonly previous?: string };

/** One key per purpose, all derived from the secret. */
export type TokenKeys = {
  readonly signing: { readonly id: string; readonly key: KeyObject };
  /** The keys an access token may be signed with, by key id. */
  readonly verifying: ReadonlyMap<string, KeyObject>;
  /** The first key derives successors of refresh tokens; the others find those that an earlier secret derived. */
  readonly refresh: readonly [KeyObject, ...KeyObject[]];
  readonly csrf: KeyObject;
  readonly address: KeyObject;
  /** The key of the hashes of phone codes and proofs. */
  readonly codes: KeyObject;
  /** Signs the trusted-device cookie. */
  readonly device: KeyObject;
  /** Signs links to exports. */
  readonly links: KeyObject;
  /** The key of the hashes of devices and networks, to which bans extend. */
  readonly bans: KeyObject;
  /** Signs the challenges of proofs of work. */
  readonly challenges: KeyObject;
};

const signingKey = (secret: string) => ({
  id: deriveBytes(secret, "access token key id", 9).toString("base64url"),
  key: deriveKey(secret, "access token"),
});

const refreshKey = (secret: string): KeyObject => deriveKey(secret, "refresh token");

/** Derives every key the server signs or hashes with. The same secret gives the same keys on every node. */
export function deriveKeys({ current, previous }: Secret): TokenKeys {
  const signing = signingKey(current);
  const previousKeys = previous === undefined ? [] : [signingKey(previous)];
  return {
    signing,
    verifying: new Map([signing, ...previousKeys].map(({ id, key }) => [id, key])),
    refresh: [refreshKey(current), ...(previous === undefined ? [] : [refreshKey(previous)])],
    csrf: deriveKey(current, "csrf"),
    address: deriveKey(current, "address"),
    codes: deriveKey(current, "codes"),
    device: deriveKey(current, "device"),
    links: deriveKey(current, "links"),
    bans: deriveKey(current, "bans"),
    challenges: deriveKey(current, "challenges"),
  };
}

/** Returns the generated secret of an installation without a configured one. It is stored in the database and shared by all nodes. */
export async function developmentSecret(pool: pg.Pool, name: "development_secret" | "development_data_key"): Promise<string> {
  await pool.query("INSERT INTO settings (key, value, updated_at) VALUES ($1, to_jsonb($2::text), now()) ON CONFLICT (key) DO NOTHING", [
    name,
    randomToken(),
  ]);
  const { rows } = await pool.query<{ value: string }>("SELECT value FROM settings WHERE key = $1", [name]);
  const [row] = rows;
  if (row === undefined) throw new Error(`The setting ${name} was removed while it was read.`);
  return row.value;
}
