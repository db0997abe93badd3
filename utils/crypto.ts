import { createHash, createHmac, createSecretKey, hkdfSync, type KeyObject, randomBytes, timingSafeEqual } from "node:crypto";

const KEY_BYTES = 32;

/** Derives bytes from a secret for one purpose (HKDF, RFC 5869). The bytes of one purpose reveal nothing about those of another. */
export const deriveBytes = (secret: string, purpose: string, length = KEY_BYTES): Buffer =>
  Buffer.from(hkdfSync("sha256", secret, "chatroom", purpose, length));

/** Derives a key object from a secret for one purpose. It signs many times faster than raw bytes. */
export const deriveKey = (secret: string, purpose: string): KeyObject => createSecretKey(deriveBytes(secret, purpose));

/** Returns an unguessable token of 256 random bits, safe for use in a cookie. */
export const randomToken = (): string => randomBytes(KEY_BYTES).toString("base64url");

/** Returns the SHA-256 hash under which a token is stored. The token cannot be recovered from it. */
export const sha256 = (text: string): Buffer => createHash("sha256").update(text).digest();

/** Returns a keyed hash (HMAC-SHA-256, RFC 2104) as base64url. */
export const keyedHash = (key: KeyObject, text: string): string => createHmac("sha256", key).update(text).digest("base64url");

/** Compares two byte sequences in a time that depends on their lengths only. */
export const isSameBytes = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && timingSafeEqual(a, b);

/** Compares two secrets in a time that depends on neither. Compares their hashes, which have one length whatever the caller sends. */
export const isSameSecret = (a: string, b: string): boolean => isSameBytes(sha256(a), sha256(b));
