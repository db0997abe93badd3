import { signal } from "@preact/signals";
import type { StepUpInput } from "../../../../utils/contract/schemas/accounts.ts";
import type { PasskeyChallengeDto } from "../../../../utils/contract/schemas/factors.ts";
import { type ApiError, ask, toApiError } from "../../api.ts";
import { onOwnerChange } from "../../storage.ts";

/** How a user may confirm their identity: the methods from the server, and the challenge if one of the methods is a passkey. */
export type StepUpMethods = { methods: readonly string[]; passkey: PasskeyChallengeDto | null };

type Asked = StepUpMethods & { settle: (isProven: boolean) => void };

/** The pending step-up request; the page shows it as a dialog. */
export const stepUpAsked = signal<Asked | null>(null);

onOwnerChange(() => stepUpAsked.peek()?.settle(false));

/** Returns the step-up methods named by an error. */
export function stepUpMethodsOf(refusal: ApiError): StepUpMethods {
  const { passkey } = refusal.problem as { passkey?: PasskeyChallengeDto };
  return { methods: refusal.list("methods"), passkey: passkey ?? null };
}

function askWhetherItIsThem(refusal: ApiError): Promise<boolean> {
  stepUpAsked.peek()?.settle(false);
  return new Promise((resolve) => {
    const settle = (isProven: boolean): void => {
      stepUpAsked.value = null;
      resolve(isProven);
    };
    stepUpAsked.value = { ...stepUpMethodsOf(refusal), settle };
  });
}

/**
 * Runs an action that may require step-up: in that case asks for it, and runs the action again. Returns undefined if the user cancelled.
 * @throws ApiError of the action
 */
export async function withStepUp<Result>(run: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await run();
  } catch (error) {
    const refusal = toApiError(error);
    if (refusal.code !== "step_up_required") throw refusal;
    return (await askWhetherItIsThem(refusal)) ? run() : undefined;
  }
}

/** @throws ApiError: `invalid_credentials`, `totp_required`, `passkey_refused` */
export const confirmIdentity = (body: StepUpInput) => ask("stepUp", "/api/auth/step-up", { method: "POST", bearer: true, body });
