import { randomInt } from "node:crypto";
import { keyedHash } from "../../../utils/crypto.ts";
import type { TokenKeys } from "../../auth/tokens/keys.ts";
import type { Bytes } from "../../vault/vault.ts";

/** Returns the stored hash of a code or a proof; it cannot be reversed without the key. */
export const codeHash = ({ codes }: Pick<TokenKeys, "codes">, text: string): Bytes =>
  new Uint8Array(Buffer.from(keyedHash(codes, text), "base64url"));

/** Returns a new code of six random digits. */
export const newCode = (): string => String(randomInt(1_000_000)).padStart(6, "0");

/** Returns the stored hash of a code. It is valid only for its own verification. */
export const hashOfCode = (keys: Pick<TokenKeys, "codes">, verificationId: string, code: string): Bytes =>
  codeHash(keys, `code ${verificationId} ${code}`);
