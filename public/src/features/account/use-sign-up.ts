import { useState } from "preact/hooks";
import type { UpgradeInput } from "../../../../utils/contract/schemas/accounts.ts";
import { errorTextOf } from "../../locales/account/errors.ts";
import { type FormField, fieldOf } from "../../shared/state/form-errors.ts";
import { backPath, go } from "../../shared/state/route.ts";
import { useAction } from "../../shared/ui/use-action.ts";
import { preferredLanguages } from "../lobby/lounges.ts";
import { signUp, upgradeGuest } from "./account.ts";
import type { Proof } from "./phone-step.tsx";
import { usernameFrom } from "./username-from.ts";

type Draft = { username: string; password: string; displayName: string; email: string; birthDate: string; keepMessages: boolean };

const draftFor = (guestName: string | null): Draft => ({
  username: usernameFrom(guestName ?? ""),
  password: "",
  displayName: guestName ?? "",
  email: "",
  birthDate: "",
  keepMessages: true,
});

const bodyOf = (draft: Draft, proof: Proof | null): Omit<UpgradeInput, "keepMessages"> => ({
  username: draft.username.trim(),
  password: draft.password,
  languages: preferredLanguages.value.slice(0, 10),
  acceptedRulesVersion: 1,
  ...(draft.displayName.trim() && { displayName: draft.displayName.trim() }),
  ...(draft.email.trim() && { email: draft.email.trim() }),
  ...(draft.birthDate && { birthDate: draft.birthDate }),
  ...(proof && { phoneProof: proof.phoneProof }),
});

/** Manages the sign-up form: its input, submission and errors. */
export function useSignUp(guestName: string | null) {
  const [draft, setDraft] = useState(() => draftFor(guestName));
  const [proof, setProof] = useState<Proof | null>(null);
  const send = useAction(async () => {
    if (guestName === null) await signUp(bodyOf(draft, proof));
    else await upgradeGuest({ ...bodyOf(draft, proof), keepMessages: draft.keepMessages });
    go(backPath.value);
  });
  const set = (change: Partial<Draft>) => {
    // A password manager fills several fields before the next render.
    setDraft((before) => ({ ...before, ...change }));
    send.clear();
  };
  const field = send.refusal ? fieldOf(send.refusal) : null;
  const errorAt = (name: FormField): string | null => (field === name && send.refusal ? errorTextOf(send.refusal) : null);
  const changeProof = (next: Proof | null) => {
    setProof(next);
    send.clear();
  };
  return { draft, set, proof, changeProof, send, field, errorAt };
}

export type SignUpState = ReturnType<typeof useSignUp>;
