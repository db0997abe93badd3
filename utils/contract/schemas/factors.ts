import { z } from "zod";
import { passkeyAnswer, typedPassword } from "./accounts.ts";
import { id, moment } from "./primitives.ts";

/** The shared secret of an authenticator app (RFC 6238). It is inactive until it is confirmed. */
export const totpSecret = z.object({
  secret: z.string().meta({
    description: "The secret in base32, for typing it into the authenticator app.",
    examples: ["JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"],
  }),
  uri: z.string().meta({
    description: "The secret as an `otpauth:` URI, for a QR code.",
    examples: ["otpauth://totp/The%20Chatroom:ann?issuer=The%20Chatroom&secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"],
  }),
});
export type TotpSecretDto = z.infer<typeof totpSecret>;

export const confirmTotpInput = z.strictObject({
  code: z
    .string()
    .regex(/^\d{6}$/)
    .meta({ description: "The six digits that the authenticator app shows.", examples: ["123456"] }),
});
export type ConfirmTotpInput = z.infer<typeof confirmTotpInput>;

export const removeTotpInput = z.strictObject({ password: typedPassword });
export type RemoveTotpInput = z.infer<typeof removeTotpInput>;

export const recoveryCodes = z.object({
  recoveryCodes: z.array(z.string()).meta({
    description: "The recovery codes. They are shown only once. Each can replace a code of the authenticator app once.",
    examples: [["k3pd-9xqa-7mzt", "f8wn-2hcv-r6ye"]],
  }),
});
export type RecoveryCodesDto = z.infer<typeof recoveryCodes>;

/** The input of the browser's WebAuthn call, in the format of the server's WebAuthn library. */
export const passkeyChallenge = z.object({
  challengeId: id.describe("The id of this challenge, to be sent with the answer. It is valid for 5 minutes."),
  options: z
    .looseObject({ challenge: z.string().meta({ description: "The challenge, base64url.", examples: ["8mJr0yPz1sU…"] }) })
    .describe("The options for the browser's WebAuthn call, as JSON. They have further members of the WebAuthn standard."),
});
export type PasskeyChallengeDto = z.infer<typeof passkeyChallenge>;

const passkeyName = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u)
  .meta({ examples: ["Laptop"] });

export const addPasskeyInput = passkeyAnswer.extend({
  name: passkeyName.optional().describe("A name for the passkey, one line of text. Defaults to the name of the device."),
});
export type AddPasskeyInput = z.infer<typeof addPasskeyInput>;

export const passkeyParams = z.strictObject({ passkeyId: id.describe("The id of the passkey.") });
export type PasskeyParams = z.infer<typeof passkeyParams>;

export const passkey = z.object({
  id: id.describe("The id of the passkey."),
  name: z.string().meta({ description: "The name of the passkey.", examples: ["Laptop"] }),
  isSynced: z.boolean().meta({ description: "Whether the passkey is backed up, so that other devices have it too.", examples: [true] }),
  createdAt: moment.describe("When the passkey was added."),
  lastUsedAt: moment.nullable().describe("When the passkey was last used. Null if it has never been used."),
});
export type PasskeyDto = z.infer<typeof passkey>;
