import { parse, stringify } from "uuid";

/** How a passkey names its user: the bytes of the id, which say nothing about the person (WebAuthn, 14.6.1). */
export const userHandleOf = (userId: string): Uint8Array<ArrayBuffer> => new Uint8Array(parse(userId));

/** Whether a passkey names this user. */
export const isHandleOf = (userId: string, handle: string): boolean => {
  const bytes = Buffer.from(handle, "base64url");
  return bytes.length === 16 && stringify(bytes) === userId;
};
