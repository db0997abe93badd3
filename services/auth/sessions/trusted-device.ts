import { z } from "zod";
import { id } from "../../../utils/contract/schemas/primitives.ts";
import { newId } from "../../../utils/ids.ts";
import { readSignedJson, signJson } from "../../../utils/signed-json.ts";
import type { TokenKeys } from "../tokens/keys.ts";

/** A browser and the accounts that signed in on it, most recent first. */
export type KnownDevice = { readonly deviceId: string; readonly userIds: readonly string[] };

type Keys = Pick<TokenKeys, "device">;

/** Enough for a shared family computer; a longer list would only benefit a thief. */
const MOST_ACCOUNTS = 5;

const content = z.strictObject({ deviceId: id, userIds: z.array(id).max(MOST_ACCOUNTS) });

/** Returns the device of a cookie; null if this server did not sign it. */
export function readKnownDevice(keys: Keys, cookie: string | undefined): KnownDevice | null {
  const { data } = content.safeParse(cookie === undefined ? null : readSignedJson(keys.device, cookie));
  return data ?? null;
}

/** Returns the device of a cookie, or a new one without accounts. */
export const deviceOf = (keys: Keys, cookie: string | undefined): KnownDevice =>
  readKnownDevice(keys, cookie) ?? { deviceId: newId(), userIds: [] };

/** Returns the signed cookie of a device. */
export const deviceCookie = (keys: Keys, { deviceId, userIds }: KnownDevice): string => signJson(keys.device, { deviceId, userIds });

/** Returns the device after a sign-in: it is trusted by the account; its other accounts keep trusting it. */
export const trustedBy = ({ deviceId, userIds }: KnownDevice, userId: string): KnownDevice => ({
  deviceId,
  userIds: [userId, ...userIds.filter((known) => known !== userId)].slice(0, MOST_ACCOUNTS),
});

/** Returns the cookie that marks this device as trusted by the account; the device's other accounts keep trusting it. */
export const trustDevice = (keys: Keys, cookie: string | undefined, userId: string): string =>
  deviceCookie(keys, trustedBy(deviceOf(keys, cookie), userId));
