import { randomInt, timingSafeEqual } from "node:crypto";
import { keyedHash } from "../../../utils/crypto.ts";
import type { TokenKeys } from "../../auth/tokens/keys.ts";
import type { Bytes } from "../../vault/vault.ts";

/** What is kept of a code or a proof: of no use to who reads the database alone. */
export const codeHash = ({ codes }: Pick<TokenKeys, "codes">, text: string): Bytes =>
  new Uint8Array(Buffer.from(keyedHash(codes, text), "base64url"));

/** Six digits nobody can foresee. */
export const newCode = (): string => String(randomInt(1_000_000)).padStart(6, "0");

/** What is kept of a code. It counts for its own verification alone. */
export const hashOfCode = (keys: Pick<TokenKeys, "codes">, verificationId: string, code: string): Bytes =>
  codeHash(keys, `code ${verificationId} ${code}`);

/** Compares in a time that tells nothing. */
export const isSameHash = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && timingSafeEqual(a, b);
