import { useLayoutEffect, useRef } from "preact/hooks";
import type { ActionDto, HouseRule, ScopeKind } from "../../../../../utils/contract/schemas/moderation/actions.ts";
import type { ApiError } from "../../../api.ts";
import { tc } from "../../../locales/moderation/console/index.ts";
import { Form, Submit, Trouble } from "../../../shared/ui/form.tsx";
import { Choices, Select, TextArea, Tick } from "../fields.tsx";
import { durationName, houseRules, reasonName } from "../texts.ts";
import { type ActionChoice, choicesFor, type Draft, needsText, presets, scopesFor, type Target, withChoice } from "./draft.ts";

export type ActionContext = {
  readonly target: Target;
  readonly scopes: readonly ScopeKind[];
  /** The earlier actions that concern the user. */
  readonly record: readonly ActionDto[];
  readonly mayAct: boolean;
};

type FormProps = ActionContext & {
  draft: Draft;
  onChange: (draft: Draft) => void;
  onSubmit: () => void;
  isBusy: boolean;
  refusal: ApiError | null;
  /** Whether a note for the staff can be added, as to the decision of a case. */
  hasNote?: boolean;
};

const nameOfChoice = (choice: ActionChoice): string => tc(`modDo_${choice}`);

/** Returns the label of the button: what happens, and for how long. */
function submitLabel({ choice, durationMs }: Draft): string {
  const action = nameOfChoice(choice);
  return presets[choice] && choice !== "wipe_messages" ? tc("modApply", { action, duration: durationName(durationMs) }) : action;
}

/** Lets a digit choose one of the durations, while no field is being edited. */
function onDigit(event: KeyboardEvent, { draft, onChange }: Pick<FormProps, "draft" | "onChange">): void {
  const isWriting =
    event.target instanceof HTMLElement && event.target.matches("textarea, select, input:not([type=radio], [type=checkbox])");
  if (isWriting || event.ctrlKey || event.metaKey || event.altKey || !/^[1-9]$/.test(event.key)) return;
  const chosen = presets[draft.choice]?.[Number(event.key) - 1];
  if (chosen === undefined) return;
  event.preventDefault();
  onChange({ ...draft, durationMs: chosen });
}

function Details({ draft, onChange, target, scopes }: FormProps) {
  const { choice, rule, text } = draft;
  const set = (change: Partial<Draft>) => onChange({ ...draft, ...change });
  const durations = presets[choice];
  const possible = scopesFor(choice, scopes);
  return (
    <>
      {durations && (
        <Choices
          name="duration"
          legend={tc(choice === "wipe_messages" ? "modPeriod" : "modDuration")}
          options={durations.map((value) => ({ value, label: durationName(value) }))}
          chosen={draft.durationMs}
          onChange={(durationMs) => set({ durationMs })}
        />
      )}
      {possible.length > 1 && (
        <Choices
          name="scope"
          legend={tc("modScope")}
          options={possible.map((value) => ({ value, label: tc(`modAt_${value}`) }))}
          chosen={draft.scope}
          onChange={(scope) => set({ scope })}
        />
      )}
      <Select
        id="action-rule"
        label={tc("modRule")}
        options={houseRules.map((value) => ({ value, label: reasonName(value) }))}
        chosen={rule}
        onChange={(value: HouseRule) => set({ rule: value })}
      />
      <TextArea
        id="action-text"
        label={tc("modText")}
        hint={tc(needsText(draft) ? "modTextNeeded" : "modTextHint")}
        value={text}
        most={1_000}
        isOptional={rule !== "other"}
        onChange={(value) => set({ text: value })}
      />
      <Extras draft={draft} target={target} set={set} />
    </>
  );
}

function Extras({ draft, target, set }: { draft: Draft; target: Target; set: (change: Partial<Draft>) => void }) {
  const { choice, alsoDelete, alsoWipe } = draft;
  const canDelete = target.messageId !== null && choice !== "delete_message" && choice !== "wipe_messages";
  const canWipe = choice === "ban" || choice === "mute";
  if (!canDelete && !canWipe) return null;
  return (
    <fieldset class="mod-also">
      <legend class="form-label">{tc("modAlso")}</legend>
      {canDelete && <Tick label={tc("modAlsoDelete")} isOn={alsoDelete} onChange={(is) => set({ alsoDelete: is })} />}
      {canWipe && <Tick label={tc("modAlsoWipe")} isOn={alsoWipe} onChange={(is) => set({ alsoWipe: is })} />}
    </fieldset>
  );
}

/** Renders the form of an action: what, why, how long and where. The button has the focus, so that Enter confirms the suggestion. */
export function ActionForm(props: FormProps) {
  const { draft, onChange, onSubmit, isBusy, refusal, target, scopes, record, mayAct, hasNote = false } = props;
  const box = useRef<HTMLDivElement>(null);
  // In a layout effect, before the next key. The dialog opens afterwards and focuses what has the attribute.
  useLayoutEffect(() => {
    const first = box.current?.querySelector<HTMLElement>(needsText(draft) ? "#action-text" : "[type=submit]");
    first?.setAttribute("autofocus", "");
    first?.focus();
  }, []);
  const choices = choicesFor(target, { scopes, mayAct });
  const submit = () => {
    if (needsText(draft)) box.current?.querySelector<HTMLElement>("#action-text")?.focus();
    else onSubmit();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: digits are a shortcut to its radio buttons
    <div ref={box} class="mod-sheet" onKeyDown={(event) => onDigit(event, props)}>
      <Form refusal={refusal} onSubmit={submit}>
        <Choices
          name="action"
          legend={tc("modAction")}
          options={choices.map((value) => ({ value, label: nameOfChoice(value) }))}
          chosen={draft.choice}
          onChange={(choice) => onChange(withChoice(draft, choice, { scopes, record }))}
        />
        <Details {...props} />
        {hasNote && (
          <TextArea
            id="action-note"
            label={tc("modNote")}
            value={draft.note}
            most={2_000}
            isOptional
            onChange={(note) => onChange({ ...draft, note })}
          />
        )}
        <div class="mod-sheet-foot">
          <Trouble refusal={refusal} />
          <Submit isBusy={isBusy} isLarge>
            {submitLabel(draft)}
          </Submit>
        </div>
      </Form>
    </div>
  );
}
