import { signal } from "@preact/signals";
import type { StepUpInput } from "../../../../utils/contract/schemas/accounts.ts";
import type { PasskeyChallengeDto } from "../../../../utils/contract/schemas/factors.ts";
import { type ApiError, ask, toApiError } from "../../api.ts";
import { onOwnerChange } from "../../storage.ts";

/** How somebody may show that it is they: what the server named, and the challenge where one way is a passkey. */
export type StepUpMethods = { methods: readonly string[]; passkey: PasskeyChallengeDto | null };

type Asked = StepUpMethods & { settle: (isProven: boolean) => void };

/** The open question whether it is really they who sit here; the page shows it as a dialog. */
export const stepUpAsked = signal<Asked | null>(null);

onOwnerChange(() => stepUpAsked.peek()?.settle(false));

/** The ways a refusal names. */
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
 * Does something that the server may want a fresh proof for: then the proof is asked for, and it is done again.
 * Undefined when the person turned away.
 * @throws Refusal of what was to be done
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

/** @throws Refusal: `invalid_credentials`, `totp_required`, `passkey_refused` */
export const confirmIdentity = (body: StepUpInput) => ask("stepUp", "/api/auth/step-up", { method: "POST", bearer: true, body });
