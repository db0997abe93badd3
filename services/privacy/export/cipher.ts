import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import type { Vault } from "../../vault/vault.ts";

/** Encrypts the chunks of one archive in the database. Each attempt uses a new key, so that no nonce is used twice. */
export type ChunkCipher = {
  readonly key: Buffer;
  seal(position: number, bytes: Uint8Array): Buffer;
  /** Decrypts a chunk. @throws when the chunk was changed or moved to another position */
  open(position: number, sealed: Uint8Array): Buffer;
};

const CIPHER = "aes-256-gcm";
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Returns a chunk's position as its nonce, which is unique because every archive has its own key (NIST SP 800-38D, 8.2.1). */
function nonceOf(position: number): Buffer {
  const nonce = Buffer.alloc(NONCE_BYTES);
  nonce.writeUInt32BE(position, NONCE_BYTES - 4);
  return nonce;
}

export function createChunkCipher(key: Buffer = randomBytes(KEY_BYTES)): ChunkCipher {
  return {
    key,
    seal(position, bytes) {
      const cipher = createCipheriv(CIPHER, key, nonceOf(position));
      return Buffer.concat([cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
    },
    open(position, sealed) {
      const decipher = createDecipheriv(CIPHER, key, nonceOf(position)).setAuthTag(sealed.subarray(-TAG_BYTES));
      return Buffer.concat([decipher.update(sealed.subarray(0, -TAG_BYTES)), decipher.final()]);
    },
  };
}

const sealContextOf = (id: string) => ({ table: "data_exports", field: "sealed_key", id }) as const;

/** Encrypts the key of an archive for its row. */
export const sealKey = (vault: Vault, exportId: string, { key }: ChunkCipher) =>
  vault.seal(sealContextOf(exportId), key.toString("base64url"));

/** Returns the cipher of a stored archive. */
export const openCipher = (vault: Vault, exportId: string, sealed: Uint8Array): ChunkCipher =>
  createChunkCipher(Buffer.from(vault.open(sealContextOf(exportId), sealed), "base64url"));
