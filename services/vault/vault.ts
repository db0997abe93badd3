import { createCipheriv, createDecipheriv, createHmac, type KeyObject, randomBytes } from "node:crypto";
import { deriveBytes, deriveKey } from "../../utils/crypto.ts";

/** Bytes in the type of the database client. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** The table, field and row of a sealed value, which can only be opened in the same context. */
export type SealContext = { readonly table: string; readonly field: string; readonly id: string };

/** The installation's data keys; the previous one still decrypts its values until `npm run keys:rotate` has finished. */
export type DataKeys = { readonly current: string; readonly previous?: string };

/** Encrypts private fields, so that a copy of the database without the keys does not reveal them. */
export type Vault = {
  seal(context: SealContext, text: string): Bytes;
  /** Decrypts a value. @throws when it was sealed for another context, changed, or sealed with an unknown key */
  open(context: SealContext, sealed: Uint8Array): string;
  /** Returns the lookup key of a value: equal for the same text and kind, and irreversible without the key. */
  blindIndex(kind: string, text: string): Bytes;
  /** Returns whether a value is sealed with the current key. */
  isCurrent(sealed: Uint8Array): boolean;
  /** The first bytes of every value that is sealed with the current key. */
  readonly keyId: Uint8Array;
};

const CIPHER = "aes-256-gcm";
const ID_BYTES = 4;
const IV_BYTES = 12;
const TAG_BYTES = 16;

type SealingKey = { readonly id: Buffer; readonly key: KeyObject };

const sealingKey = (secret: string): SealingKey => ({
  id: deriveBytes(secret, "data key id", ID_BYTES),
  key: deriveKey(secret, "data key"),
});

const contextOf = ({ table, field, id }: SealContext): Buffer => Buffer.from(`${table}.${field}:${id}`);

function encrypt({ id, key }: SealingKey, context: Buffer, text: string): Bytes {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, key, iv).setAAD(context);
  const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return new Uint8Array(Buffer.concat([id, iv, body, cipher.getAuthTag()]));
}

function decrypt(key: KeyObject, context: Buffer, sealed: Buffer): string {
  const iv = sealed.subarray(ID_BYTES, ID_BYTES + IV_BYTES);
  const body = sealed.subarray(ID_BYTES + IV_BYTES, -TAG_BYTES);
  const decipher = createDecipheriv(CIPHER, key, iv).setAAD(context).setAuthTag(sealed.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(body), decipher.final()]).toString("utf8");
}

/**
 * Creates a vault: AES-256-GCM (NIST SP 800-38D) with a new nonce per value, bound to its context by the additional data.
 * A sealed value is key id (4 bytes), nonce (12), ciphertext, tag (16). The blind index is HMAC-SHA-256 with a key of its own, which is
 * not rotated with the data keys, so that lookups and uniqueness are preserved during a rotation.
 */
export function createVault({ current, previous }: DataKeys, indexKey: KeyObject): Vault {
  const newest = sealingKey(current);
  const keys = [newest, ...(previous === undefined ? [] : [sealingKey(previous)])];
  const isOf = (key: SealingKey, sealed: Uint8Array): boolean => key.id.equals(sealed.subarray(0, ID_BYTES));
  return {
    seal: (context, text) => encrypt(newest, contextOf(context), text),
    open(context, sealed) {
      const found = keys.find((key) => isOf(key, sealed));
      if (found === undefined) throw new Error(`A value of ${context.table}.${context.field} was encrypted with an unknown data key.`);
      return decrypt(found.key, contextOf(context), Buffer.from(sealed));
    },
    blindIndex: (kind, text) => new Uint8Array(createHmac("sha256", indexKey).update(`${kind}:${text}`).digest()),
    isCurrent: (sealed) => isOf(newest, sealed),
    keyId: newest.id,
  };
}
