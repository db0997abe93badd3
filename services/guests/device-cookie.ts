import { deviceHash, networkHash } from "../auth/sessions/session-origin.ts";
import { deviceCookie, deviceOf } from "../auth/sessions/trusted-device.ts";
import type { OpenCtx } from "../context.ts";

/** Where a new guest comes from: keyed hashes of the device and the network, and the signed cookie by which the device is recognized. */
export type GuestOrigin = {
  readonly deviceHash: Uint8Array<ArrayBuffer>;
  readonly networkHash: Uint8Array<ArrayBuffer>;
  readonly cookie: string;
};

/**
 * Returns the origin of a new guest. The device cookie is that of sign-ins, so that a ban of an account also extends to the guests of its
 * device; accounts that trust the device keep trusting it.
 */
export function guestOrigin({ keys, origin }: Pick<OpenCtx<"keys">, "keys" | "origin">, cookie: string | undefined): GuestOrigin {
  const device = deviceOf(keys, cookie);
  return { deviceHash: deviceHash(keys, device), networkHash: networkHash(keys, origin), cookie: deviceCookie(keys, device) };
}
