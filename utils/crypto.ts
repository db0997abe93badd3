import { createHash, createHmac, createSecretKey, hkdfSync, type KeyObject, randomBytes, timingSafeEqual } from "node:crypto";

const KEY_BYTES = 32;

/** Bytes of a secret for one purpose (HKDF, RFC 5869); knowing one purpose's bytes says nothing about another's. */
export const deriveBytes = (secret: string, purpose: string, length = KEY_BYTES): Buffer =>
  Buffer.from(hkdfSync("sha256", secret, "chatroom", purpose, length));

/** The same as a key object, which signs many times faster than raw bytes do. */
export const deriveKey = (secret: string, purpose: string): KeyObject => createSecretKey(deriveBytes(secret, purpose));

/** A token nobody can guess: 256 random bits, fit for a cookie. */
export const randomToken = (): string => randomBytes(KEY_BYTES).toString("base64url");

/** What is stored of a token: enough to know it again, useless to a thief. */
export const sha256 = (text: string): Buffer => createHash("sha256").update(text).digest();

/** A keyed hash (HMAC-SHA-256, RFC 2104), as base64url. */
export const keyedHash = (key: KeyObject, text: string): string => createHmac("sha256", key).update(text).digest("base64url");

/** Compares two secrets in a time that depends on neither. Compares their hashes, which have one length whatever the caller sends. */
export const isSameSecret = (a: string, b: string): boolean => timingSafeEqual(sha256(a), sha256(b));
