import { Ban, Check, Gavel, type IconNode, MicOff, Trash2, X } from "lucide";
import type { CaseDetailDto } from "../../../../../utils/contract/schemas/moderation/cases.ts";
import { isolated } from "../../../locales/index.ts";
import { tc } from "../../../locales/moderation/console/index.ts";
import { shownName } from "../../../shared/text/shown-name.ts";
import { Trouble } from "../../../shared/ui/form.tsx";
import { Icon } from "../../../shared/ui/icon.tsx";
import { Panel } from "../../../shared/ui/panel.tsx";
import { ActionForm } from "../actions/action-form.tsx";
import { areKeysOn } from "../keys.ts";
import { keepDraft, opened } from "./case-state.ts";
import { claimerOf } from "./target.ts";
import type { Decision } from "./use-decision.ts";

type ButtonProps = {
  icon: IconNode;
  label: string;
  /** The full name, if the label is shortened. */
  name?: string;
  letter: string;
  isMain?: boolean;
  isDanger?: boolean;
  isBusy?: boolean;
  onPress: () => void;
};

/** Renders a button with the key that does the same. */
const BarButton = ({ icon, label, letter, isMain = false, isDanger = false, isBusy = false, name, onPress }: ButtonProps) => (
  <button
    type="button"
    class={`button mod-bar-button ${isMain ? "button-main" : "button-quiet"} ${isDanger ? "mod-bar-danger" : ""}`}
    aria-disabled={isBusy}
    {...(name === undefined ? {} : { "aria-label": name, title: name })}
    {...(areKeysOn.value && letter !== "" ? { "aria-keyshortcuts": letter } : {})}
    onClick={onPress}
  >
    <Icon icon={icon} size={17} />
    <span>{label}</span>
    {letter !== "" && areKeysOn.value && (
      <span class="mod-key" aria-hidden="true">
        {letter}
      </span>
    )}
  </button>
);

function Held({ decision }: { decision: Decision }) {
  return (
    <>
      <BarButton icon={X} label={tc("modRefuse")} letter="R" onPress={() => decision.decide("refused")} />
      <BarButton icon={Check} label={tc("modApprove")} letter="A" isMain onPress={() => decision.decide("approved")} />
    </>
  );
}

function Buttons({ detail, decision }: { detail: CaseDetailDto; decision: Decision }) {
  const { choices, choose, decide, isDecided, mayDecide, submit } = decision;
  const has = (choice: (typeof choices)[number]) => choices.includes(choice);
  return (
    <>
      {!isDecided &&
        mayDecide &&
        (detail.kind === "held" ? (
          <Held decision={decision} />
        ) : (
          <BarButton icon={X} label={tc("modDismiss")} letter="D" onPress={() => decide("dismissed")} />
        ))}
      {has("delete_message") && (
        <BarButton
          icon={Trash2}
          label={tc("modDeleteShort")}
          name={tc("modDo_delete_message")}
          letter="X"
          isBusy={submit.isBusy}
          onPress={() => choose("delete_message")}
        />
      )}
      {has("mute") && <BarButton icon={MicOff} label={tc("modDo_mute")} letter="M" onPress={() => choose("mute")} />}
      {has("ban") && <BarButton icon={Ban} label={tc("modDo_ban")} letter="B" isDanger onPress={() => choose("ban")} />}
      {choices.length > 0 && (
        <BarButton icon={Gavel} label={tc("modActShort")} name={tc("modAct")} letter="" onPress={decision.chooseFirst} />
      )}
    </>
  );
}

/** Says that another moderator changed the case while the form was open, and who works on it now. */
function Changed({ detail }: { detail: CaseDetailDto }) {
  const claimer = claimerOf(detail);
  return (
    <p class="mod-changed">
      {tc("modCaseChanged")} {claimer && tc("modClaimedBy", { name: isolated(shownName(claimer)) })}
    </p>
  );
}

/** Renders the decisions at the lower edge, within reach of a thumb, and the form of the chosen action. */
export function DecisionBar({ detail, decision }: { detail: CaseDetailDto; decision: Decision }) {
  const { context, draft, isOpen, close, submit, isDecided, mayDecide, isOthers, choices } = decision;
  const name = detail.subject ? isolated(shownName(detail.subject)) : "";
  const isEmpty = isOthers || (choices.length === 0 && (isDecided || !mayDecide));
  return (
    <div class="mod-decision">
      {!mayDecide && <p class="mod-dim mod-decision-note">{tc("modNotYours")}</p>}
      {!isOpen && <Trouble refusal={submit.refusal} />}
      {!isEmpty && (
        <fieldset class="mod-bar" aria-label={tc("modDecide")}>
          <Buttons detail={detail} decision={decision} />
        </fieldset>
      )}
      {isOpen && draft && (
        <Panel title={tc("modModerate", { name })} kind="sheet" onClose={close}>
          <div role="alert">{opened.value?.isChanged && <Changed detail={detail} />}</div>
          <ActionForm
            {...context}
            draft={draft}
            onChange={(next) => keepDraft(detail.id, next)}
            onSubmit={() => void submit.act(draft)}
            isBusy={submit.isBusy}
            refusal={submit.refusal}
            hasNote={!isDecided}
          />
        </Panel>
      )}
    </div>
  );
}
