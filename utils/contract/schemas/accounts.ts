import { z } from "zod";
import { newPasswordText, optionalNameText, usernameText } from "../texts.ts";
import { createGuestInput } from "./auth.ts";
import { endMoment, id, languages } from "./primitives.ts";

/**
 * A password entered by the user. The password rules are checked only where a password is set, so that here a wrong password is simply
 * wrong.
 */
export const typedPassword = z
  .string()
  .min(1)
  .max(2_000)
  .meta({
    description: "The caller's password.",
    examples: ["violet-otter-plays-chess"],
  });

const identifier = z
  .string()
  .trim()
  .min(1)
  .max(254)
  .meta({
    description: "A username, an e-mail address or a phone number.",
    examples: ["ann"],
  });

const secondFactor = z
  .string()
  .trim()
  .min(6)
  .max(32)
  .meta({
    description:
      "A code of the authenticator app, or a recovery code. Required if two-factor authentication is enabled, unless `passkey` is given.",
    examples: ["123456"],
  });

/** The result of a browser's WebAuthn call. Its content is validated by the library that verifies it. */
export const passkeyAnswer = z.strictObject({
  challengeId: id.describe("The `challengeId` of the options that were passed to the browser. It can be used once."),
  response: z
    .looseObject({
      id: z
        .string()
        .max(2_000)
        .meta({ description: "The id of the credential, base64url.", examples: ["q7Z1o0c4T2a…"] }),
    })
    .describe("The credential that the browser returned, as JSON (`PublicKeyCredential.toJSON()`)."),
});
export type PasskeyAnswer = z.infer<typeof passkeyAnswer>;

const signInPasskey = passkeyAnswer.optional().describe("The answer to the challenge of `totp_required` or `step_up_required`.");

const emailText = z
  .string()
  .trim()
  .max(254)
  .meta({ description: "The e-mail address.", examples: ["ann@example.org"] });

/** A date of birth. */
const day = z.iso.date();

const proof = z
  .string()
  .min(20)
  .max(200)
  .meta({ examples: ["t7wJ2cVb0nQx5sLkR8yD…"] });
const provenPhone = proof.describe("The `phoneProof` of a confirmed phone number. It can be used once, within 10 minutes.");
const mailedToken = proof.describe("The token from the link in the e-mail. It can be used once.");

/** The requirements for creating an account. */
export const signUpRules = z.object({
  phone: z.enum(["required", "optional", "off"]).meta({
    description: "Whether a confirmed phone number is required or optional, or phone numbers are not used (`off`).",
    examples: ["optional"],
  }),
  minAge: z
    .number()
    .int()
    .meta({
      description: "The minimum age in years, checked against `birthDate`. 0 if there is none.",
      examples: [16],
    }),
  canMail: z.boolean().meta({
    description: "Whether the server can send e-mail. If false, e-mail addresses are not used.",
    examples: [true],
  }),
});
export type SignUpRulesDto = z.infer<typeof signUpRules>;

export const signUpInput = z.strictObject({
  username: usernameText,
  password: newPasswordText,
  displayName: optionalNameText("Defaults to the username."),
  email: emailText.optional().describe("The e-mail address. The server sends a link that confirms it."),
  phoneProof: provenPhone.optional(),
  languages: languages.optional().meta({ description: "The languages the user speaks.", examples: [["en", "pt-BR"]] }),
  birthDate: day.optional().meta({
    description: "The date of birth. If given, it is checked against the minimum age, stored encrypted, and not shown to anyone.",
    examples: ["1998-04-23"],
  }),
  acceptedRulesVersion: createGuestInput.shape.acceptedRulesVersion,
});
export type SignUpInput = z.infer<typeof signUpInput>;

export const upgradeInput = signUpInput.extend({
  keepMessages: z
    .boolean()
    .optional()
    .meta({
      description: "Whether the guest's messages are shown under the new name.",
      default: true,
      examples: [true],
    }),
});
export type UpgradeInput = z.infer<typeof upgradeInput>;

export const signInInput = z
  .strictObject({
    identifier,
    password: typedPassword.describe("The password."),
    totpCode: secondFactor.optional(),
    passkey: signInPasskey,
  })
  .meta({ examples: [{ identifier: "ann", password: "seven-green-lamps-sing", totpCode: "123456" }] });
export type SignInInput = z.infer<typeof signInInput>;

export const changePasswordInput = z.strictObject({
  currentPassword: typedPassword.describe("The current password."),
  newPassword: newPasswordText,
});
export type ChangePasswordInput = z.infer<typeof changePasswordInput>;

export const requestPasswordResetInput = z.strictObject({ identifier });
export type RequestPasswordResetInput = z.infer<typeof requestPasswordResetInput>;

export const resetPasswordInput = z
  .strictObject({
    token: mailedToken
      .optional()
      .describe("The token from the link in the e-mail, valid for 30 minutes. Omit it if `phoneProof` is given."),
    phoneProof: provenPhone.optional().describe("The `phoneProof` of the account's phone number. Omit it if `token` is given."),
    newPassword: newPasswordText,
  })
  .refine(({ token, phoneProof }) => (token === undefined) !== (phoneProof === undefined), {
    message: "must have exactly one of token and phoneProof",
    path: ["token"],
  })
  .meta({ examples: [{ token: "t7wJ2cVb0nQx5sLkR8yD…", newPassword: "violet-otter-plays-chess" }] });
export type ResetPasswordInput = z.infer<typeof resetPasswordInput>;

export const phonePurposes = ["signup", "reset", "change"] as const;

export const requestPhoneCodeInput = z.strictObject({
  phoneNumber: z
    .string()
    .trim()
    .min(1)
    .max(32)
    .meta({
      description: "The phone number in international format.",
      examples: ["+4915123456789"],
    }),
  purpose: z.enum(phonePurposes).meta({
    description:
      "What the number will be used for: creating an account (`signup`), resetting the password of its account (`reset`), or replacing the caller's number (`change`, requires a Bearer token).",
    examples: ["signup"],
  }),
});
export type RequestPhoneCodeInput = z.infer<typeof requestPhoneCodeInput>;

const verificationId = id.describe("The id of this verification, for confirming the code.");

/** A code was sent, or not: the response does not reveal whether the number is known. */
export const phoneVerification = z.object({
  verificationId,
  expiresInMs: z
    .number()
    .int()
    .meta({ description: "How long the code is valid, in ms.", examples: [600_000] }),
  resendInMs: z
    .number()
    .int()
    .meta({ description: "How long to wait before requesting another code, in ms.", examples: [30_000] }),
});
export type PhoneVerificationDto = z.infer<typeof phoneVerification>;

const sixDigits = z.string().regex(/^\d{6}$/);

export const confirmPhoneCodeInput = z.strictObject({
  verificationId: verificationId.describe("The `verificationId` of the response to the request for the code."),
  code: sixDigits.meta({ description: "The six digits of the text message.", examples: ["123456"] }),
});
export type ConfirmPhoneCodeInput = z.infer<typeof confirmPhoneCodeInput>;

export const phoneProof = z.object({
  phoneProof: z.string().meta({
    description: "A proof that the number was confirmed. It can be used once, within 10 minutes.",
    examples: ["t7wJ2cVb0nQx5sLkR8yD…"],
  }),
});

export const changePhoneInput = z.strictObject({ phoneProof: provenPhone });
export type ChangePhoneInput = z.infer<typeof changePhoneInput>;

export const changeEmailInput = z.strictObject({
  email: emailText
    .nullable()
    .describe("The new e-mail address. It is unverified until the link in the e-mail is opened. Null removes the address."),
});
export type ChangeEmailInput = z.infer<typeof changeEmailInput>;

export const verifyEmailInput = z.strictObject({ token: mailedToken });
export type VerifyEmailInput = z.infer<typeof verifyEmailInput>;

/** A proof of identity: the password, with a second factor if required, or a passkey. */
export const stepUpInput = z
  .strictObject({
    password: typedPassword.optional().describe("The caller's password. May be omitted if `passkey` is given."),
    totpCode: secondFactor.optional(),
    passkey: signInPasskey,
  })
  .refine((given) => given.password !== undefined || given.passkey !== undefined, {
    message: "must have a password or a passkey",
    path: ["password"],
  })
  .meta({ examples: [{ password: "seven-green-lamps-sing", totpCode: "123456" }] });
export type StepUpInput = z.infer<typeof stepUpInput>;

export const steppedUp = z.object({ stepUpExpiresAt: endMoment.describe("When the step-up of this session expires.") });

/** The empty response of an accepted request. */
export const accepted = z.object({});
