import { Hourglass, UserRoundX } from "lucide";
import { useState } from "preact/hooks";
import type { DeleteMeInput } from "../../../../../utils/contract/schemas/privacy.ts";
import { ta } from "../../../locales/account/index.ts";
import { formatTime, locale, t } from "../../../locales/index.ts";
import { Field, Form, Submit, Trouble } from "../../../shared/ui/form.tsx";
import { useAction } from "../../../shared/ui/use-action.ts";
import { Outcome } from "../../account/card.tsx";
import { currentUser } from "../../session/session.ts";
import { Section } from "../section.tsx";
import { leaveForGood } from "./deletion-request.ts";

/** Confirms that the account will be or has been deleted. */
export const Deleted = ({ deletesAt, isGuest }: { deletesAt: string; isGuest: boolean }) => (
  <div class="account">
    <Outcome
      icon={isGuest ? UserRoundX : Hourglass}
      title={ta(isGuest ? "deletedGuestTitle" : "deletedTitle")}
      text={isGuest ? ta("deletedGuestText") : ta("deletedText", { time: formatTime(new Date(deletesAt)) })}
    >
      <a class="button button-quiet" href="/">
        {t("toLounges")}
      </a>
    </Outcome>
  </div>
);

type Fate = DeleteMeInput["messages"];

/** The confirmation value of the contract, repeated here so that the schema library stays out of the bundle. */
const WORD: DeleteMeInput["confirmation"] = "DELETE";

/** Whether the user typed the confirmation in the interface language, or the contract's own. */
const isConfirmed = (typed: string): boolean => {
  const word = typed.trim().normalize("NFC").toLocaleUpperCase(locale.value);
  return word === ta("deletionWord") || word === WORD;
};

const Messages = ({ fate, onChange }: { fate: Fate; onChange: (fate: Fate) => void }) => (
  <fieldset class="choice form-field">
    <legend>{ta("deleteMessages")}</legend>
    <div class="choice-row">
      {(["keep", "erase"] as const).map((one) => (
        <label key={one} class="choice-one">
          <input type="radio" name="fate" class="sr-only" checked={fate === one} onChange={() => onChange(one)} />
          <span class="choice-name">{one === "keep" ? ta("deleteKeep", { name: t("deletedUser") }) : ta("deleteErase")}</span>
        </label>
      ))}
    </div>
  </fieldset>
);

/** Renders the account deletion: what happens and when, a choice for the messages, and a confirmation to type. */
export function Deletion() {
  const [fate, setFate] = useState<Fate>("keep");
  const [word, setWord] = useState("");
  const isGuest = currentUser.value?.kind === "guest";
  const leave = useAction(() => leaveForGood({ confirmation: WORD, messages: fate }));
  return (
    <Section id="delete" title={ta("deleteTitle")}>
      {isGuest ? (
        <p class="settings-section-text">{ta("deleteGuest")}</p>
      ) : (
        <ol class="steps">
          <li>{ta("deleteStep1")}</li>
          <li>{ta("deleteStep2")}</li>
          <li>{ta("deleteStep3")}</li>
        </ol>
      )}
      <Form onSubmit={() => void leave.act()}>
        <Messages fate={fate} onChange={setFate} />
        <Field
          id="deletion-word"
          label={ta("deleteWord", { word: ta("deletionWord") })}
          value={word}
          autocomplete="off"
          autocapitalize="characters"
          spellcheck={false}
          maxLength={20}
          onChange={setWord}
        />
        <Trouble refusal={leave.refusal} />
        <div class="form-actions form-danger">
          <Submit isBusy={leave.isBusy} isDisabled={!isConfirmed(word)}>
            {ta("deleteButton")}
          </Submit>
        </div>
      </Form>
    </Section>
  );
}
