import { createHmac } from "node:crypto";
import { guestBans } from "../../../utils/contract/limits.ts";
import type { Origin, Services } from "../../context.ts";
import { networkOf } from "../../limits/addresses.ts";
import type { TokenKeys } from "../tokens/keys.ts";
import type { KnownDevice } from "./trusted-device.ts";

type Keys = Pick<TokenKeys, "bans">;

const hashOf = ({ bans }: Keys, text: string): Uint8Array<ArrayBuffer> => new Uint8Array(createHmac("sha256", bans).update(text).digest());

/** Returns the keyed hash of a device, under which bans are stored. */
export const deviceHash = (keys: Keys, { deviceId }: Pick<KnownDevice, "deviceId">): Uint8Array<ArrayBuffer> =>
  hashOf(keys, `device ${deviceId}`);

/** Returns the keyed hash of the network of an address (/24 or /48), under which bans are stored. The address is never stored. */
export const networkHash = (keys: Keys, { address }: Pick<Origin, "address">): Uint8Array<ArrayBuffer> =>
  hashOf(keys, `network ${networkOf(address)}`);

const FORGET = `
  UPDATE sessions SET network_hash = NULL, device_hash = NULL WHERE id IN (
    SELECT id FROM sessions WHERE last_used_at < $1 AND (network_hash IS NOT NULL OR device_hash IS NOT NULL) ORDER BY last_used_at LIMIT $2)`;

/** Removes the hashes of network and device from sessions that were not used for 7 days. @returns how many */
export async function forgetOrigins({ pool, now }: Pick<Services, "pool" | "now">, { limit }: { limit: number }): Promise<number> {
  const before = new Date(now().getTime() - guestBans.extendsMs);
  return (await pool.query(FORGET, [before, limit])).rowCount ?? 0;
}
