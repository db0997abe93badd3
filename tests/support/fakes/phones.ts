import { setTimeout as pause } from "node:timers/promises";
import type { App } from "../app.ts";
import { type Answer, Visitor } from "../page/visitor.ts";

let count = 0;

/** A mobile number nobody had yet; `prefix` and four digits more. */
export function newNumber(prefix = "+4915123"): string {
  count += 1;
  return `${prefix}${String(count).padStart(6, "0")}`;
}

/** An address of a caller in a network (/24) nobody had yet, for servers that trust a proxy. */
export function newAddress(): Record<string, string> {
  count += 1;
  return { "x-forwarded-for": `10.${(count >> 8) & 255}.${count & 255}.1` };
}

/** One browser a server: what a caller pays, they pay by their address. */
const browsers = new WeakMap<App, Promise<Visitor>>();

function browserAt(node: App): Promise<Visitor> {
  const known = browsers.get(node) ?? new Visitor(node.url).open();
  browsers.set(node, known);
  return known;
}

type Request = { readonly purpose?: "signup" | "reset" | "change"; readonly headers?: Record<string, string>; readonly visitor?: Visitor };

/** Asks for a code, each time from an address of its own unless told. */
export async function requestCode(node: App, phoneNumber: string, options: Request = {}): Promise<Answer> {
  const { purpose = "signup", headers = newAddress(), visitor = await browserAt(node) } = options;
  return visitor.post("/api/auth/phone/request", { phoneNumber, purpose }, headers);
}

/** Shows a code, each time from an address of its own unless told. */
export async function confirmCode(node: App, verificationId: unknown, code: unknown, headers = newAddress()): Promise<Answer> {
  const visitor = await browserAt(node);
  return visitor.post("/api/auth/phone/confirm", { verificationId, code }, headers);
}

/** The code of the newest text to a number. */
export function sentCode(node: App, number: string): string {
  const code = node.deps.outbox?.list(number)[0]?.code;
  if (code === undefined) throw new Error("No code was sent to this number.");
  return code;
}

/** A code that is not this one. */
export const otherCode = (code: string, by = 1): string => String((Number(code) + by) % 1_000_000).padStart(6, "0");

/** The whole way from a number to a proof of it, waiting as the server says when the last code is too fresh. */
export async function verifyPhone(node: App, number: string, options: Request = {}): Promise<string> {
  const { status, body } = await requestCode(node, number, options);
  if (status === 429) {
    await pause(Number(body.retryAfterMs));
    return verifyPhone(node, number, options);
  }
  return String((await confirmCode(node, body.verificationId, sentCode(node, number))).body.phoneProof);
}
