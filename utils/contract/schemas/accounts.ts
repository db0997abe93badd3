import { z } from "zod";
import { newPasswordText, optionalNameText, usernameText } from "../texts.ts";
import { createGuestInput } from "./auth.ts";
import { id, languages, moment } from "./primitives.ts";

/**
 * A password entered by the user. The password rules are checked only where a password is set, so that here a wrong password is simply
 * wrong.
 */
const typedPassword = z.string().min(1).max(2_000);

/** A username, an e-mail address or a phone number. */
const identifier = z.string().trim().min(1).max(254);

/** A code of an authenticator app, or one of the recovery codes. */
const secondFactor = z.string().trim().min(6).max(32);

/** The result of a browser's WebAuthn call. Its content is validated by the library that verifies it. */
export const passkeyAnswer = z.strictObject({ challengeId: id, response: z.looseObject({ id: z.string().max(2_000) }) });
export type PasskeyAnswer = z.infer<typeof passkeyAnswer>;

const emailText = z.string().trim().max(254);

/** A date of birth. */
const day = z.iso.date();

const proof = z.string().min(20).max(200);

/**
 * The requirements for creating an account. `minAge` is 0 if there is no minimum age. If `canMail` is false, e-mail addresses are not used.
 */
export const signUpRules = z.object({ phone: z.enum(["required", "optional", "off"]), minAge: z.number().int(), canMail: z.boolean() });
export type SignUpRulesDto = z.infer<typeof signUpRules>;

export const signUpInput = z.strictObject({
  username: usernameText,
  password: newPasswordText,
  displayName: optionalNameText("Defaults to the username."),
  email: emailText.optional(),
  phoneProof: proof.optional(),
  languages: languages.optional(),
  birthDate: day.optional(),
  acceptedRulesVersion: createGuestInput.shape.acceptedRulesVersion,
});
export type SignUpInput = z.infer<typeof signUpInput>;

/** The upgrade of a guest. Unless `keepMessages` is false, the guest's messages are shown under the new name. */
export const upgradeInput = signUpInput.extend({ keepMessages: z.boolean().optional().meta({ default: true }) });
export type UpgradeInput = z.infer<typeof upgradeInput>;

export const signInInput = z.strictObject({
  identifier,
  password: typedPassword,
  totpCode: secondFactor.optional(),
  passkey: passkeyAnswer.optional(),
});
export type SignInInput = z.infer<typeof signInInput>;

export const changePasswordInput = z.strictObject({ currentPassword: typedPassword, newPassword: newPasswordText });
export type ChangePasswordInput = z.infer<typeof changePasswordInput>;

export const requestPasswordResetInput = z.strictObject({ identifier });
export type RequestPasswordResetInput = z.infer<typeof requestPasswordResetInput>;

export const resetPasswordInput = z
  .strictObject({ token: proof.optional(), phoneProof: proof.optional(), newPassword: newPasswordText })
  .refine(({ token, phoneProof }) => (token === undefined) !== (phoneProof === undefined), {
    message: "must have exactly one of token and phoneProof",
    path: ["token"],
  });
export type ResetPasswordInput = z.infer<typeof resetPasswordInput>;

export const phonePurposes = ["signup", "reset", "change"] as const;

export const requestPhoneCodeInput = z.strictObject({ phoneNumber: z.string().trim().min(1).max(32), purpose: z.enum(phonePurposes) });
export type RequestPhoneCodeInput = z.infer<typeof requestPhoneCodeInput>;

/** A code was sent, or not: the response does not reveal whether the number is known. */
export const phoneVerification = z.object({ verificationId: id, expiresInMs: z.number().int(), resendInMs: z.number().int() });
export type PhoneVerificationDto = z.infer<typeof phoneVerification>;

export const confirmPhoneCodeInput = z.strictObject({ verificationId: id, code: z.string().regex(/^\d{6}$/) });
export type ConfirmPhoneCodeInput = z.infer<typeof confirmPhoneCodeInput>;

/** A proof that a number was confirmed. It can be used once, within 10 minutes. */
export const phoneProof = z.object({ phoneProof: z.string() });

export const changePhoneInput = z.strictObject({ phoneProof: proof });
export type ChangePhoneInput = z.infer<typeof changePhoneInput>;

/** `null` removes the address. */
export const changeEmailInput = z.strictObject({ email: emailText.nullable() });
export type ChangeEmailInput = z.infer<typeof changeEmailInput>;

export const verifyEmailInput = z.strictObject({ token: proof });
export type VerifyEmailInput = z.infer<typeof verifyEmailInput>;

/** A proof of identity: the password, with a second factor if required, or a passkey. */
export const stepUpInput = z
  .strictObject({ password: typedPassword.optional(), totpCode: secondFactor.optional(), passkey: passkeyAnswer.optional() })
  .refine((given) => given.password !== undefined || given.passkey !== undefined, {
    message: "must have a password or a passkey",
    path: ["password"],
  });
export type StepUpInput = z.infer<typeof stepUpInput>;

/** When the step-up of this session expires. */
export const steppedUp = z.object({ stepUpExpiresAt: moment });

/** The empty response of an accepted request. */
export const accepted = z.object({});
