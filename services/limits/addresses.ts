import type { KeyObject } from "node:crypto";
import { isIP } from "node:net";
import { keyedHash } from "../../utils/crypto.ts";

/** Matches an IPv4-mapped IPv6 address (RFC 4291, 2.5.5.2), which is treated as IPv4. */
const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/** Returns the eight groups of an IPv6 address, without its zone. */
function groupsOf(address: string): string[] {
  const plain = address.split("%")[0] ?? "";
  const [head = "", tail] = plain.replace(/(\d+)\.(\d+)\.\d+\.\d+$/, "0:0").split("::");
  const [first, last] = [head, tail ?? ""].map((half) => half.split(":").filter(Boolean));
  const left = first ?? [];
  const right = last ?? [];
  const middle = tail === undefined ? [] : Array<string>(Math.max(0, 8 - left.length - right.length)).fill("0");
  return [...left, ...middle, ...right].map((group) => Number.parseInt(group, 16).toString(16));
}

function prefixOf(address: string, sizes: { v4: number; v6: number }): string {
  const v4 = MAPPED.exec(address)?.[1] ?? address;
  if (isIP(v4) === 4) return v4.split(".").slice(0, sizes.v4).join(".");
  if (isIP(address) === 6) return groupsOf(address).slice(0, sizes.v6).join(":");
  return address;
}

/** Returns the subscriber: an IPv4 address, or an IPv6 /64, within which a subscriber can use any address. */
export const subscriberOf = (address: string): string => prefixOf(address, { v4: 4, v6: 4 });

/** Returns the network: an IPv4 /24 or an IPv6 /48. */
export const networkOf = (address: string): string => prefixOf(address, { v4: 3, v6: 3 });

/** Returns the key of a subscriber's budget: a keyed hash, so that the address is never stored. */
export const subscriberKey = (key: KeyObject, address: string): string => keyedHash(key, `subscriber ${subscriberOf(address)}`);

/** Returns the key of a network's budget, likewise hashed. */
export const networkKey = (key: KeyObject, address: string): string => keyedHash(key, `network ${networkOf(address)}`);
