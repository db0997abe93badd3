import { z } from "zod";
import { passkeyAnswer } from "./accounts.ts";
import { id, moment } from "./primitives.ts";

/** The shared secret of an authenticator app (RFC 6238). It is inactive until it is confirmed. */
export const totpSecret = z.object({ secret: z.string(), uri: z.string() });
export type TotpSecretDto = z.infer<typeof totpSecret>;

export const confirmTotpInput = z.strictObject({ code: z.string().regex(/^\d{6}$/) });
export type ConfirmTotpInput = z.infer<typeof confirmTotpInput>;

export const removeTotpInput = z.strictObject({ password: z.string().min(1).max(2_000) });
export type RemoveTotpInput = z.infer<typeof removeTotpInput>;

/** The recovery codes. They are shown only once; each can replace a code of the authenticator app once. */
export const recoveryCodes = z.object({ recoveryCodes: z.array(z.string()) });
export type RecoveryCodesDto = z.infer<typeof recoveryCodes>;

/** The input of the browser's WebAuthn call, in the format of the server's WebAuthn library. */
export const passkeyChallenge = z.object({ challengeId: id, options: z.looseObject({ challenge: z.string() }) });
export type PasskeyChallengeDto = z.infer<typeof passkeyChallenge>;

/** The name of a passkey: one line of text. */
const passkeyName = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u);

export const addPasskeyInput = passkeyAnswer.extend({ name: passkeyName.optional() });
export type AddPasskeyInput = z.infer<typeof addPasskeyInput>;

export const passkeyParams = z.strictObject({ passkeyId: id });
export type PasskeyParams = z.infer<typeof passkeyParams>;

/** A passkey. `isSynced` is true if it is stored on more than one device. */
export const passkey = z.object({
  id,
  name: z.string(),
  isSynced: z.boolean(),
  createdAt: moment,
  lastUsedAt: moment.nullable(),
});
export type PasskeyDto = z.infer<typeof passkey>;
