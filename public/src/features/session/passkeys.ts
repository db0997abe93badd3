import type { PasskeyAnswer } from "../../../../utils/contract/schemas/accounts.ts";
import type { PasskeyChallengeDto } from "../../../../utils/contract/schemas/factors.ts";
import { ApiError } from "../../api.ts";

/** Whether this browser supports passkeys. */
export const knowsPasskeys = typeof PublicKeyCredential !== "undefined";

const reasons: Record<string, "none" | "held"> = { NotAllowedError: "none", AbortError: "none", InvalidStateError: "held" };

/** Converts a browser error to an ApiError, so that the page has a text for it. */
function refusalOfBrowser(error: unknown): ApiError {
  const name = error instanceof Error ? error.name : "";
  return new ApiError("passkey_refused", { reason: reasons[name] ?? "none" });
}

/**
 * Answers the server's challenge with a passkey. Must run soon after a click: browsers require it.
 * @throws ApiError `passkey_refused` if none was used
 */
export async function answerChallenge({ challengeId, options }: PasskeyChallengeDto): Promise<PasskeyAnswer> {
  const { startAuthentication } = await import("@simplewebauthn/browser");
  type Options = Parameters<typeof startAuthentication>[0]["optionsJSON"];
  try {
    const response = await startAuthentication({ optionsJSON: options as unknown as Options });
    return { challengeId, response: { ...response } };
  } catch (error) {
    throw refusalOfBrowser(error);
  }
}

/**
 * Creates a passkey for the server's challenge.
 * @throws ApiError `passkey_refused` if none was created, with `reason: "held"` if this device already has one
 */
export async function makePasskey({ challengeId, options }: PasskeyChallengeDto): Promise<PasskeyAnswer> {
  const { startRegistration } = await import("@simplewebauthn/browser");
  type Options = Parameters<typeof startRegistration>[0]["optionsJSON"];
  try {
    const response = await startRegistration({ optionsJSON: options as unknown as Options });
    return { challengeId, response: { ...response } };
  } catch (error) {
    throw refusalOfBrowser(error);
  }
}
