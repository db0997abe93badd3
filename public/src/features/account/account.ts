import { signal } from "@preact/signals";
import type {
  PhoneVerificationDto,
  SignInInput,
  SignUpInput,
  SignUpRulesDto,
  UpgradeInput,
} from "../../../../utils/contract/schemas/accounts.ts";
import { ask } from "../../api.ts";
import { answerChallenge } from "../session/passkeys.ts";
import { currentUser, exchangeSession, takeSession } from "../session/session.ts";

export type PhonePurpose = "signup" | "reset" | "change";

const post = { method: "POST" } as const;

/** The server's sign-up rules; null until loaded. */
export const signUpRules = signal<SignUpRulesDto | null>(null);

export async function loadSignUpRules(): Promise<void> {
  signUpRules.value ??= await ask("getSignUpRules", "/api/auth/signup-rules").catch(() => null);
}

export async function signUp(body: SignUpInput): Promise<void> {
  takeSession(await ask("signUp", "/api/auth/signup", { ...post, csrf: true, body }));
}

/** Turns the current guest into a member, keeping their ID and messages. */
export const upgradeGuest = (body: UpgradeInput): Promise<unknown> =>
  exchangeSession(async () => takeSession(await ask("upgradeGuest", "/api/auth/upgrade", { ...post, bearer: true, body })));

/** @throws ApiError `invalid_credentials`, or `totp_required` with the available methods */
export async function signIn(body: SignInInput): Promise<void> {
  takeSession(await ask("signIn", "/api/auth/signin", { ...post, csrf: true, body }));
}

/** Signs in and takes over the current guest's messages, including drafts and unsent messages. */
export async function mergeGuest(body: SignInInput): Promise<void> {
  const guestId = currentUser.peek()?.id;
  await exchangeSession(async () => takeSession(await ask("mergeGuest", "/api/auth/merge", { ...post, bearer: true, body }), guestId));
}

export async function signInWithPasskey(): Promise<void> {
  const challenge = await ask("beginPasskeySignIn", "/api/auth/passkeys/signin-options", { ...post, csrf: true, body: {} });
  const body = await answerChallenge(challenge);
  takeSession(await ask("signInWithPasskey", "/api/auth/passkeys/signin", { ...post, csrf: true, body }));
}

export const requestPasswordReset = (identifier: string) =>
  ask("requestPasswordReset", "/api/auth/request-password-reset", { ...post, csrf: true, body: { identifier } });

/** Sets a new password using a mailed token or a confirmed phone number; ends every session of the account. */
export const resetPassword = (body: { token?: string; phoneProof?: string; newPassword: string }) =>
  ask("resetPassword", "/api/auth/reset-password", { ...post, csrf: true, body });

export const verifyEmail = (token: string) => ask("verifyEmail", "/api/auth/verify-email", { ...post, csrf: true, body: { token } });

export const requestPhoneCode = (phoneNumber: string, purpose: PhonePurpose): Promise<PhoneVerificationDto> =>
  ask("requestPhoneCode", "/api/auth/phone/request", { ...post, csrf: true, bearer: purpose === "change", body: { phoneNumber, purpose } });

export async function confirmPhoneCode(verificationId: string, code: string): Promise<string> {
  const body = { verificationId, code };
  return (await ask("confirmPhoneCode", "/api/auth/phone/confirm", { ...post, csrf: true, body })).phoneProof;
}
