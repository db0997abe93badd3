import type { PasskeyAnswer } from "../../../../utils/contract/schemas/accounts.ts";
import type { PasskeyChallengeDto } from "../../../../utils/contract/schemas/factors.ts";
import { ApiError } from "../../api.ts";

/** Whether this browser knows passkeys at all. */
export const knowsPasskeys = typeof PublicKeyCredential !== "undefined";

const reasons: Record<string, "none" | "held"> = { NotAllowedError: "none", AbortError: "none", InvalidStateError: "held" };

/** The browser's own troubles as a refusal, so that the page has words for them. */
function refusalOfBrowser(error: unknown): ApiError {
  const name = error instanceof Error ? error.name : "";
  return new ApiError("passkey_refused", { reason: reasons[name] ?? "none" });
}

/**
 * Has a passkey answer the server's challenge. Must come soon after a click: browsers insist on it.
 * @throws Refusal `passkey_refused` when none was used
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
 * Has the browser make a passkey for the server's challenge.
 * @throws Refusal `passkey_refused` when none was made, with `reason: "held"` when this device has one already
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
