import type { KeyObject } from "node:crypto";
import { limits } from "../../../utils/contract/limits.ts";
import { keyedHash, randomToken, sha256 } from "../../../utils/crypto.ts";
import type { Actor } from "../../actor.ts";

/** Whether a text can be a refresh token of ours at all; anything else never reaches the database. */
export const isRefreshToken = (text: unknown): text is string => typeof text === "string" && /^[\w-]{43}$/.test(text);

export const newRefreshToken = randomToken;

/** Under what a refresh token is stored. */
export const refreshTokenHash = (token: string): Buffer => sha256(token);

/**
 * The token that follows another one. It is derived, not drawn, so that all tabs that refresh at once are handed the same
 * successor although only its hash is stored.
 */
export const successorOf = (key: KeyObject, token: string): string => keyedHash(key, token);

/** Until when a session lives that is used now: guests 24 hours, others 30 days. */
export const expiryOf = (kind: Actor["kind"], now: Date): Date =>
  new Date(now.getTime() + (kind === "guest" ? limits.guestTokenMs : limits.refreshTokenMs));
