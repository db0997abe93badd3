import type { KeyObject } from "node:crypto";
import { isIP } from "node:net";
import { keyedHash } from "../../utils/crypto.ts";

/** IPv4 written as IPv6 (RFC 4291, 2.5.5.2) is IPv4. */
const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/** The eight groups of an IPv6 address, without its zone. */
function groupsOf(address: string): string[] {
  const plain = address.split("%")[0] ?? "";
  const [head = "", tail] = plain.replace(/(\d+)\.(\d+)\.\d+\.\d+$/, "0:0").split("::");
  const [first, last] = [head, tail ?? ""].map((half) => half.split(":").filter(Boolean));
  const [left, right] = [first ?? [], last ?? []];
  const middle = tail === undefined ? [] : Array<string>(Math.max(0, 8 - left.length - right.length)).fill("0");
  return [...left, ...middle, ...right].map((group) => Number.parseInt(group, 16).toString(16));
}

function prefixOf(address: string, sizes: { v4: number; v6: number }): string {
  const v4 = MAPPED.exec(address)?.[1] ?? address;
  if (isIP(v4) === 4) return v4.split(".").slice(0, sizes.v4).join(".");
  if (isIP(address) === 6) return groupsOf(address).slice(0, sizes.v6).join(":");
  return address;
}

/** One subscriber: an IPv4 address, or an IPv6 /64, within which anybody picks addresses at will. */
export const subscriberOf = (address: string): string => prefixOf(address, { v4: 4, v6: 4 });

/** The neighbourhood: an IPv4 /24 or an IPv6 /48. */
export const networkOf = (address: string): string => prefixOf(address, { v4: 3, v6: 3 });

/** Under what a subscriber's budget is kept: a keyed hash, so that no store ever holds the address. */
export const subscriberKey = (key: KeyObject, address: string): string => keyedHash(key, `subscriber ${subscriberOf(address)}`);

/** The same for a neighbourhood. */
export const networkKey = (key: KeyObject, address: string): string => keyedHash(key, `network ${networkOf(address)}`);
