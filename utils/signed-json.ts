import type { KeyObject } from "node:crypto";
import { isSameSecret, keyedHash } from "./crypto.ts";

/** Longer than any token that the server issues. */
const MAX_LENGTH = 1_000;

const SIGNATURE = /^[\w-]{43}$/;

/** Returns a value as JSON with a signature, in a form that is safe in cookies and URLs. Its content is not secret. */
export function signJson(key: KeyObject, value: object): string {
  const body = Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${body}.${keyedHash(key, body)}`;
}

/** Returns the value of a token by `signJson`, to be validated; null if it was not signed with this key. */
export function readSignedJson(key: KeyObject, token: string): unknown {
  if (token.length > MAX_LENGTH) return null;
  const [body = "", signature = "", more] = token.split(".");
  if (more !== undefined || !SIGNATURE.test(signature) || !isSameSecret(signature, keyedHash(key, body))) return null;
  try {
    return JSON.parse(Buffer.from(body, "base64url").toString("utf8"));
  } catch {
    return null;
  }
}
