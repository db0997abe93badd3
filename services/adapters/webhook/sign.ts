import { createHmac } from "node:crypto";

const TIMESTAMP_HEADER = "x-chatroom-timestamp";
const SIGNATURE_HEADER = "x-chatroom-signature";

/**
 * Returns the headers that prove the origin and the time of a request: the timestamp in seconds since 1970, and `v1=` with the
 * HMAC-SHA256 of the timestamp, a dot and the body, in hexadecimal.
 */
export function signatureHeaders(secret: string, { body, now }: { readonly body: string; readonly now: Date }): Record<string, string> {
  const timestamp = String(Math.floor(now.getTime() / 1_000));
  const signature = createHmac("sha256", secret).update(`${timestamp}.${body}`).digest("hex");
  return { [TIMESTAMP_HEADER]: timestamp, [SIGNATURE_HEADER]: `v1=${signature}` };
}
