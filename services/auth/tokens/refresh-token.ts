import type { KeyObject } from "node:crypto";
import { limits } from "../../../utils/contract/limits.ts";
import { keyedHash, randomToken, sha256 } from "../../../utils/crypto.ts";
import type { Actor } from "../../actor.ts";

/** Whether a text has the form of a refresh token; anything else is rejected without a query. */
export const isRefreshToken = (text: unknown): text is string => typeof text === "string" && /^[\w-]{43}$/.test(text);

export const newRefreshToken = randomToken;

/** Returns the hash under which a refresh token is stored. */
export const refreshTokenHash = (token: string): Buffer => sha256(token);

/**
 * Returns the successor of a token. It is derived, not random, so that all tabs that refresh at once get the same successor although only
 * its hash is stored.
 */
export const successorOf = (key: KeyObject, token: string): string => keyedHash(key, token);

/** Returns when a session that is used now expires: for guests after 24 hours, for others after 30 days. */
export const expiryOf = (kind: Actor["kind"], now: Date): Date =>
  new Date(now.getTime() + (kind === "guest" ? limits.guestTokenMs : limits.refreshTokenMs));
