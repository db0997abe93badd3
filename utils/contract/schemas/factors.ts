import { z } from "zod";
import { passkeyAnswer } from "./accounts.ts";
import { id, moment } from "./primitives.ts";

/** The shared secret of an authenticator app (RFC 6238), not in force before it was confirmed. */
export const totpSecret = z.object({ secret: z.string(), uri: z.string() });
export type TotpSecretDto = z.infer<typeof totpSecret>;

export const confirmTotpInput = z.strictObject({ code: z.string().regex(/^\d{6}$/) });
export type ConfirmTotpInput = z.infer<typeof confirmTotpInput>;

export const removeTotpInput = z.strictObject({ password: z.string().min(1).max(2_000) });
export type RemoveTotpInput = z.infer<typeof removeTotpInput>;

/** Shown once; each opens the account once in place of a code. */
export const recoveryCodes = z.object({ recoveryCodes: z.array(z.string()) });
export type RecoveryCodesDto = z.infer<typeof recoveryCodes>;

/** What the browser's WebAuthn call needs, as its library writes it. */
export const passkeyChallenge = z.object({ challengeId: id, options: z.looseObject({ challenge: z.string() }) });
export type PasskeyChallengeDto = z.infer<typeof passkeyChallenge>;

/** What somebody calls one of their passkeys: one line of text. */
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

/** A passkey as its owner sees it. `isSynced` says that it is kept on more than one device. */
export const passkey = z.object({
  id,
  name: z.string(),
  isSynced: z.boolean(),
  createdAt: moment,
  lastUsedAt: moment.nullable(),
});
export type PasskeyDto = z.infer<typeof passkey>;
