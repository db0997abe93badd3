import { useRef, useState } from "preact/hooks";
import type { RuleDto, RuleKind, RuleOutcome } from "../../../../../utils/contract/schemas/moderation/rules.ts";
import { toApiError } from "../../../api.ts";
import { tc } from "../../../locales/moderation/console/index.ts";
import { Field, Form, Submit, Trouble } from "../../../shared/ui/form.tsx";
import { Switch } from "../../../shared/ui/switch.tsx";
import { useAction } from "../../../shared/ui/use-action.ts";
import { createRule, updateRule } from "../api.ts";
import { Choices, Select, TextArea, Tick } from "../fields.tsx";
import { PlaceSelect } from "../place-select.tsx";
import { durationName, roleName } from "../texts.ts";
import {
  creationOf,
  fieldsOf,
  hasPattern,
  hasThreshold,
  hasWindow,
  type Missing,
  missingIn,
  type RuleDraft,
  ruleKinds,
  ruleOutcomes,
  ruleRoles,
  silences,
  windows,
} from "./rule-draft.ts";
import { RuleTest } from "./rule-test.tsx";

type Part = { draft: RuleDraft; set: (change: Partial<RuleDraft>) => void; missing: Missing };

const durationsOf = (values: readonly number[]) => values.map((value) => ({ value, label: durationName(value) }));

/** What the rule looks for. */
function Condition({ draft, set, missing }: Part) {
  const { kind, pattern, threshold, windowMs } = draft;
  if (hasPattern(kind))
    return (
      <TextArea
        id="rule-pattern"
        label={tc(`modRulePattern_${kind}`)}
        hint={tc(`modRuleHint_${kind}`, { sign: "!" })}
        error={missing === "pattern" ? tc("modRulePatternNeeded") : null}
        value={pattern}
        most={kind === "regex" ? 500 : 20_000}
        rows={kind === "regex" ? 2 : 6}
        isCode
        onChange={(value) => set({ pattern: value })}
      />
    );
  return (
    <>
      {hasThreshold(kind) && (
        <Field
          id="rule-threshold"
          label={tc(`modRuleThreshold_${kind}`)}
          value={threshold}
          inputmode="numeric"
          dir="ltr"
          maxLength={4}
          error={missing === "threshold" ? tc("modRuleNumberNeeded") : null}
          onChange={(value) => set({ threshold: value })}
        />
      )}
      {hasWindow(kind) && (
        <Choices
          name="window"
          legend={tc("modRuleWindow")}
          options={durationsOf(windows)}
          chosen={windowMs}
          onChange={(value) => set({ windowMs: value })}
        />
      )}
    </>
  );
}

/** What happens to a message that matches, and what its author sees. */
function Consequence({ draft, set }: Omit<Part, "missing">) {
  const { outcome, silenceMs, message } = draft;
  return (
    <>
      <Choices<RuleOutcome>
        name="outcome"
        legend={tc("modRuleOutcome")}
        options={ruleOutcomes.map((value) => ({ value, label: tc(`modRuleOutcome_${value}`) }))}
        chosen={outcome}
        onChange={(value) => set({ outcome: value })}
      />
      {outcome === "silence" && (
        <Choices
          name="silence"
          legend={tc("modRuleSilence")}
          options={durationsOf(silences)}
          chosen={silenceMs}
          onChange={(value) => set({ silenceMs: value })}
        />
      )}
      {(outcome === "block" || outcome === "silence") && (
        <TextArea
          id="rule-message"
          label={tc("modRuleMessage")}
          value={message}
          most={300}
          isOptional
          onChange={(value) => set({ message: value })}
        />
      )}
    </>
  );
}

function Exempt({ draft, set }: Omit<Part, "missing">) {
  const toggle = (role: (typeof ruleRoles)[number], is: boolean) =>
    set({ exemptRoles: ruleRoles.filter((one) => (one === role ? is : draft.exemptRoles.includes(one))) });
  return (
    <fieldset class="mod-also">
      <legend class="form-label">{tc("modRuleExempt")}</legend>
      {ruleRoles.map((role) => (
        <Tick key={role} label={roleName(role)} isOn={draft.exemptRoles.includes(role)} onChange={(is) => toggle(role, is)} />
      ))}
    </fieldset>
  );
}

/** Saves the rule; `isConfirmed` enables one that would have rejected many messages. */
const save = (rule: RuleDto | null, draft: RuleDraft, isConfirmed: boolean): Promise<RuleDto> => {
  const confirm = isConfirmed ? { confirm: true } : {};
  if (!rule) return createRule({ ...creationOf(draft), ...confirm });
  const { kind: _, ...fields } = fieldsOf(draft);
  return updateRule({ ruleId: rule.id, version: rule.version, ...fields, isEnabled: draft.isEnabled, ...confirm });
};

type RuleFormProps = { rule: RuleDto | null; start: RuleDraft; onSaved: (rule: RuleDto) => void; onCancel: () => void };

/** Creates or changes a rule. */
export function RuleForm({ rule, start, onSaved, onCancel }: RuleFormProps) {
  const [draft, setDraft] = useState(start);
  const [missing, setMissing] = useState<Missing>(null);
  const box = useRef<HTMLDivElement>(null);
  const submit = useAction(async (isConfirmed: boolean) => onSaved(await save(rule, draft, isConfirmed)));
  const set = (change: Partial<RuleDraft>) => {
    setDraft((now) => ({ ...now, ...change }));
    setMissing(null);
    submit.clear();
  };
  const check = (): boolean => {
    const wrong = missingIn(draft);
    setMissing(wrong);
    if (wrong) box.current?.querySelector<HTMLElement>(`#rule-${wrong}`)?.focus();
    return wrong === null;
  };
  const isTooBroad = submit.refusal && toApiError(submit.refusal).code === "rule_too_broad";
  return (
    <div ref={box} class="mod-card mod-rule-form">
      <Form refusal={submit.refusal} onSubmit={() => check() && void submit.act(false)}>
        {!rule && (
          <Select<RuleKind>
            id="rule-kind"
            label={tc("modRuleKind")}
            options={ruleKinds.map((value) => ({ value, label: tc(`modRuleKind_${value}`) }))}
            chosen={draft.kind}
            onChange={(kind) => set({ kind })}
          />
        )}
        <Condition draft={draft} set={set} missing={missing} />
        <Consequence draft={draft} set={set} />
        <PlaceSelect id="rule-scope" label={tc("modRuleScope")} chosen={draft.scope} onChange={(scope) => set({ scope })} />
        <Exempt draft={draft} set={set} />
        <RuleTest draft={draft} check={check} />
        <Switch label={tc("modRuleEnabled")} isOn={draft.isEnabled} onChange={(isEnabled) => set({ isEnabled })} />
        {isTooBroad ? (
          <div role="alert" class="mod-changed">
            <p>{tc("modRuleTooBroad")}</p>
            <button type="button" class="button button-main" aria-disabled={submit.isBusy} onClick={() => void submit.act(true)}>
              {tc("modRuleConfirm")}
            </button>
          </div>
        ) : (
          <Trouble refusal={submit.refusal} />
        )}
        <div class="form-actions">
          <Submit isBusy={submit.isBusy}>{tc("modRuleSave")}</Submit>
          <button type="button" class="button button-quiet" onClick={onCancel}>
            {tc("modCancel")}
          </button>
        </div>
      </Form>
    </div>
  );
}
