import { setTimeout as pause } from "node:timers/promises";
import type { App } from "../app.ts";
import { type Answer, Visitor } from "../page/visitor.ts";

let count = 0;

/** Returns an unused mobile number; `prefix` and four more digits. */
export function newNumber(prefix = "+4915123"): string {
  count += 1;
  return `${prefix}${String(count).padStart(6, "0")}`;
}

/** Returns a caller's address in an unused network (/24), for servers that trust a proxy. */
export function newAddress(): Record<string, string> {
  count += 1;
  return { "x-forwarded-for": `10.${(count >> 8) & 255}.${count & 255}.1` };
}

/** One browser per server: rate limits apply to the address of the caller. */
const browsers = new WeakMap<App, Promise<Visitor>>();

function browserAt(node: App): Promise<Visitor> {
  const known = browsers.get(node) ?? new Visitor(node.url).open();
  browsers.set(node, known);
  return known;
}

type Request = { readonly purpose?: "signup" | "reset" | "change"; readonly headers?: Record<string, string>; readonly visitor?: Visitor };

/** Requests a code, each time from a different address by default. */
export async function requestCode(node: App, phoneNumber: string, options: Request = {}): Promise<Answer> {
  const { purpose = "signup", headers = newAddress(), visitor = await browserAt(node) } = options;
  return visitor.post("/api/auth/phone/request", { phoneNumber, purpose }, headers);
}

/** Confirms a code, each time from a different address by default. */
export async function confirmCode(node: App, verificationId: unknown, code: unknown, headers = newAddress()): Promise<Answer> {
  const visitor = await browserAt(node);
  return visitor.post("/api/auth/phone/confirm", { verificationId, code }, headers);
}

/** Returns the code of the newest text to a number. */
export function sentCode(node: App, number: string): string {
  const code = node.deps.outbox?.list(number)[0]?.code;
  if (code === undefined) throw new Error("No code was sent to this number.");
  return code;
}

/** Returns a code that differs from the given one. */
export const otherCode = (code: string, by = 1): string => String((Number(code) + by) % 1_000_000).padStart(6, "0");

/** Verifies a number from the request to the confirmation; waits as the server requires if the last code is too recent. */
export async function verifyPhone(node: App, number: string, options: Request = {}): Promise<string> {
  const { status, body } = await requestCode(node, number, options);
  if (status === 429) {
    await pause(Number(body.retryAfterMs));
    return verifyPhone(node, number, options);
  }
  return String((await confirmCode(node, body.verificationId, sentCode(node, number))).body.phoneProof);
}
