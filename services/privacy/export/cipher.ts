import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import type { Vault } from "../../vault/vault.ts";

/** Keeps the pieces of one archive from whoever reads the database. Made anew for each attempt, so that no nonce comes twice. */
export type ChunkCipher = {
  readonly key: Buffer;
  seal(place: number, bytes: Uint8Array): Buffer;
  /** @throws when the piece was changed, or put into another place */
  open(place: number, sealed: Uint8Array): Buffer;
};

const CIPHER = "aes-256-gcm";
const [KEY_BYTES, NONCE_BYTES, TAG_BYTES] = [32, 12, 16];

/** The place of a piece is its nonce: with a key of its own no archive has two pieces under one (NIST SP 800-38D, 8.2.1). */
function nonceOf(place: number): Buffer {
  const nonce = Buffer.alloc(NONCE_BYTES);
  nonce.writeUInt32BE(place, NONCE_BYTES - 4);
  return nonce;
}

export function createChunkCipher(key: Buffer = randomBytes(KEY_BYTES)): ChunkCipher {
  return {
    key,
    seal(place, bytes) {
      const cipher = createCipheriv(CIPHER, key, nonceOf(place));
      return Buffer.concat([cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
    },
    open(place, sealed) {
      const decipher = createDecipheriv(CIPHER, key, nonceOf(place)).setAuthTag(sealed.subarray(-TAG_BYTES));
      return Buffer.concat([decipher.update(sealed.subarray(0, -TAG_BYTES)), decipher.final()]);
    },
  };
}

const sealContextOf = (id: string) => ({ table: "data_exports", field: "sealed_key", id }) as const;

/** The key of an archive, as its row keeps it. */
export const sealKey = (vault: Vault, exportId: string, { key }: ChunkCipher) =>
  vault.seal(sealContextOf(exportId), key.toString("base64url"));

/** The cipher of an archive that was stored before. */
export const openCipher = (vault: Vault, exportId: string, sealed: Uint8Array): ChunkCipher =>
  createChunkCipher(Buffer.from(vault.open(sealContextOf(exportId), sealed), "base64url"));
