import { parse, stringify } from "uuid";

/** Returns the user handle of a passkey: the bytes of the user id, which contain no personal data (WebAuthn, 14.6.1). */
export const userHandleOf = (userId: string): Uint8Array<ArrayBuffer> => new Uint8Array(parse(userId));

/** Whether a user handle identifies this user. */
export const isHandleOf = (userId: string, handle: string): boolean => {
  const bytes = Buffer.from(handle, "base64url");
  return bytes.length === 16 && stringify(bytes) === userId;
};
