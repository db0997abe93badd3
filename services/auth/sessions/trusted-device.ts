import { timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { id } from "../../../utils/contract/schemas/primitives.ts";
import { keyedHash } from "../../../utils/crypto.ts";
import { newId } from "../../../utils/ids.ts";
import type { TokenKeys } from "../tokens/keys.ts";

/** A browser, and the accounts that were signed in to on it, the newest first. */
export type KnownDevice = { readonly deviceId: string; readonly userIds: readonly string[] };

type Keys = Pick<TokenKeys, "device">;

/** A family's computer has room; a longer list would be of use to nobody but a thief. */
const MOST_ACCOUNTS = 5;

const content = z.strictObject({ deviceId: id, userIds: z.array(id).max(MOST_ACCOUNTS) });

/** Longer than any cookie of ours. */
const MAX_LENGTH = 1_000;

const isSame = (a: string, b: string): boolean => a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));

function parsed(body: string): unknown {
  try {
    return JSON.parse(Buffer.from(body, "base64url").toString("utf8"));
  } catch {
    return null;
  }
}

/** The device of a cookie; null for what we did not sign. */
export function readKnownDevice(keys: Keys, cookie: string | undefined): KnownDevice | null {
  if (cookie === undefined || cookie.length > MAX_LENGTH) return null;
  const [body = "", signature = "", more] = cookie.split(".");
  if (more !== undefined || !/^[\w-]{43}$/.test(signature) || !isSame(signature, keyedHash(keys.device, body))) return null;
  const { data } = content.safeParse(parsed(body));
  return data ?? null;
}

/** The cookie by which an account knows this device from now on; the others on it stay known. */
export function trustDevice(keys: Keys, cookie: string | undefined, userId: string): string {
  const { deviceId, userIds } = readKnownDevice(keys, cookie) ?? { deviceId: newId(), userIds: [] };
  const device: KnownDevice = { deviceId, userIds: [userId, ...userIds.filter((known) => known !== userId)].slice(0, MOST_ACCOUNTS) };
  const body = Buffer.from(JSON.stringify(device)).toString("base64url");
  return `${body}.${keyedHash(keys.device, body)}`;
}
