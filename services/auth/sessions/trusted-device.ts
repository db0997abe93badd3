import { z } from "zod";
import { id } from "../../../utils/contract/schemas/primitives.ts";
import { isSameSecret, keyedHash } from "../../../utils/crypto.ts";
import { newId } from "../../../utils/ids.ts";
import type { TokenKeys } from "../tokens/keys.ts";

/** A browser and the accounts that signed in on it, most recent first. */
export type KnownDevice = { readonly deviceId: string; readonly userIds: readonly string[] };

type Keys = Pick<TokenKeys, "device">;

/** Enough for a shared family computer; a longer list would only benefit a thief. */
const MOST_ACCOUNTS = 5;

const content = z.strictObject({ deviceId: id, userIds: z.array(id).max(MOST_ACCOUNTS) });

/** Longer than any cookie that this server issues. */
const MAX_LENGTH = 1_000;

function parsed(body: string): unknown {
  try {
    return JSON.parse(Buffer.from(body, "base64url").toString("utf8"));
  } catch {
    return null;
  }
}

/** Returns the device of a cookie; null if this server did not sign it. */
export function readKnownDevice(keys: Keys, cookie: string | undefined): KnownDevice | null {
  if (cookie === undefined || cookie.length > MAX_LENGTH) return null;
  const [body = "", signature = "", more] = cookie.split(".");
  if (more !== undefined || !/^[\w-]{43}$/.test(signature) || !isSameSecret(signature, keyedHash(keys.device, body))) return null;
  const { data } = content.safeParse(parsed(body));
  return data ?? null;
}

/** Returns the device of a cookie, or a new one without accounts. */
export const deviceOf = (keys: Keys, cookie: string | undefined): KnownDevice =>
  readKnownDevice(keys, cookie) ?? { deviceId: newId(), userIds: [] };

/** Returns the signed cookie of a device. */
export function deviceCookie(keys: Keys, { deviceId, userIds }: KnownDevice): string {
  const body = Buffer.from(JSON.stringify({ deviceId, userIds })).toString("base64url");
  return `${body}.${keyedHash(keys.device, body)}`;
}

/** Returns the device after a sign-in: it is trusted by the account; its other accounts keep trusting it. */
export const trustedBy = ({ deviceId, userIds }: KnownDevice, userId: string): KnownDevice => ({
  deviceId,
  userIds: [userId, ...userIds.filter((known) => known !== userId)].slice(0, MOST_ACCOUNTS),
});

/** Returns the cookie that marks this device as trusted by the account; the device's other accounts keep trusting it. */
export const trustDevice = (keys: Keys, cookie: string | undefined, userId: string): string =>
  deviceCookie(keys, trustedBy(deviceOf(keys, cookie), userId));
