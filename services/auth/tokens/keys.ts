import type { KeyObject } from "node:crypto";
import type pg from "pg";
import { deriveBytes, deriveKey, randomToken } from "../../../utils/crypto.ts";

/** The installation's secret; the previous one still verifies what it signed. */
export type Secret = { readonly current: string; readonly previous?: string };

/** One key a purpose, all derived from the secret. */
export type TokenKeys = {
  readonly signing: { readonly id: string; readonly key: KeyObject };
  /** The keys an access token may be signed with, by key id. */
  readonly verifying: ReadonlyMap<string, KeyObject>;
  /** Successors of refresh tokens are derived with the first; the others find what an earlier secret derived. */
  readonly refresh: readonly [KeyObject, ...KeyObject[]];
  readonly csrf: KeyObject;
  readonly address: KeyObject;
  /** Codes sent to phones and the proofs they are traded for are kept as its hashes. */
  readonly codes: KeyObject;
  /** Signs the cookie by which an account knows a device again. */
  readonly device: KeyObject;
  /** Signs links to exports. */
  readonly links: KeyObject;
};

const signingKey = (secret: string) => ({
  id: deriveBytes(secret, "access token key id", 9).toString("base64url"),
  key: deriveKey(secret, "access token"),
});

const refreshKey = (secret: string): KeyObject => deriveKey(secret, "refresh token");

/** Derives every key the server signs or hashes with. The same secret gives the same keys on every node. */
export function deriveKeys({ current, previous }: Secret): TokenKeys {
  const signing = signingKey(current);
  const former = previous === undefined ? [] : [signingKey(previous)];
  return {
    signing,
    verifying: new Map([signing, ...former].map(({ id, key }) => [id, key])),
    refresh: [refreshKey(current), ...(previous === undefined ? [] : [refreshKey(previous)])],
    csrf: deriveKey(current, "csrf"),
    address: deriveKey(current, "address"),
    codes: deriveKey(current, "codes"),
    device: deriveKey(current, "device"),
    links: deriveKey(current, "links"),
  };
}

/** A secret of an installation that was given none: made once and kept in the database, so that all its nodes agree. */
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
