import { useRef, useState } from "preact/hooks";
import type { PrivacyDto } from "../../../../../utils/contract/schemas/users.ts";
import { type ApiError, toApiError } from "../../../api.ts";
import { ta } from "../../../locales/account/index.ts";
import { Done, Trouble } from "../../../shared/ui/form.tsx";
import { Switch } from "../../../shared/ui/switch.tsx";
import { me } from "../../session/me.ts";
import { updateMe } from "../../session/my-account.ts";
import { BlockedPeople } from "./blocked-people.tsx";

const audiences = { everyone: "everyone", shares_room: "sharesRoom", contacts: "contacts", nobody: "nobody" } as const;
const order = ["everyone", "shares_room", "contacts", "nobody"] as const;

/** Saves every change immediately, one after the other; failed changes are reverted. */
function usePrivacy() {
  const [draft, setDraft] = useState<PrivacyDto | null>(me.peek()?.privacy ?? null);
  const [outcome, setOutcome] = useState<ApiError | "saved" | null>(null);
  const queue = useRef(Promise.resolve());
  const save = async (change: Partial<PrivacyDto>): Promise<void> => {
    const refusal = await updateMe({ privacy: change }).then(() => null, toApiError);
    setOutcome(refusal ?? "saved");
    if (refusal) setDraft(me.peek()?.privacy ?? null);
  };
  const set = (change: Partial<PrivacyDto>) => {
    setDraft((before) => before && { ...before, ...change });
    setOutcome(null);
    queue.current = queue.current.then(() => save(change));
  };
  return { draft, set, outcome };
}

/** Renders who may message the user, and what others see. */
function Choices() {
  const { draft, set, outcome } = usePrivacy();
  if (!draft) return null;
  return (
    <div class="form">
      <fieldset class="choice form-field">
        <legend>{ta("whoMayWrite")}</legend>
        <div class="choice-row">
          {order.map((audience) => (
            <label key={audience} class="choice-one">
              <input
                type="radio"
                name="audience"
                class="sr-only"
                checked={draft.whoMayWrite === audience}
                onChange={() => set({ whoMayWrite: audience })}
              />
              <span class="choice-name">{ta(audiences[audience])}</span>
            </label>
          ))}
        </div>
      </fieldset>
      <Switch
        label={ta("receipts")}
        hint={ta("receiptsHint")}
        isOn={draft.showsReceipts}
        onChange={(showsReceipts) => set({ showsReceipts })}
      />
      <Switch
        label={ta("invisible")}
        hint={ta("invisibleHint")}
        isOn={draft.isInvisible}
        onChange={(isInvisible) => set({ isInvisible })}
      />
      <Trouble refusal={outcome === "saved" ? null : outcome} />
      <Done text={outcome === "saved" ? ta("saved") : null} />
    </div>
  );
}

/** Renders the privacy settings: who may message the user, what others see, and blocked users. */
export const Privacy = () => (
  <>
    <Choices />
    <BlockedPeople />
  </>
);
