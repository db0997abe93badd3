import type { HouseRule } from "../../../../utils/contract/schemas/moderation/actions.ts";
import { tm } from "../../locales/moderation/index.ts";
import { ruleHint, ruleName, rules } from "../../locales/moderation/rules.ts";

type ReasonsProps = { chosen: HouseRule | null; error: string | null; onChange: (reason: HouseRule) => void };

/** Renders the reasons as radio buttons, each with one sentence. */
export const Reasons = ({ chosen, error, onChange }: ReasonsProps) => (
  <fieldset class="form-field report-reasons" aria-describedby="report-reason-error">
    <legend>{tm("reportWhy")}</legend>
    {rules.map((rule) => (
      <label key={rule} class="report-reason">
        <input
          type="radio"
          name="report-reason"
          value={rule}
          checked={chosen === rule}
          aria-describedby={`report-reason-${rule}`}
          aria-invalid={error !== null}
          onChange={() => onChange(rule)}
        />
        <span>
          <strong>{ruleName(rule)}</strong>
          <small id={`report-reason-${rule}`}>{ruleHint(rule)}</small>
        </span>
      </label>
    ))}
    <div id="report-reason-error" role="alert">
      {error && <p class="form-error">{error}</p>}
    </div>
  </fieldset>
);

type DetailsProps = { value: string; isNeeded: boolean; error: string | null; most: number; onChange: (text: string) => void };

/** Renders the field for what the reporter adds; required for some reasons. */
export const Details = ({ value, isNeeded, error, most, onChange }: DetailsProps) => (
  <div class="form-field">
    <label class="form-label" for="report-text">
      {tm(isNeeded ? "reportTextNeeded" : "reportText")}
    </label>
    <textarea
      id="report-text"
      class="field field-tall"
      rows={3}
      dir="auto"
      maxLength={most}
      required={isNeeded}
      value={value}
      aria-describedby="report-text-hint report-text-error"
      aria-invalid={error !== null}
      onInput={({ currentTarget }) => onChange(currentTarget.value)}
    />
    <p class="form-hint" id="report-text-hint">
      {tm("reportTextHint")}
    </p>
    <div id="report-text-error" role="alert">
      {error && <p class="form-error">{error}</p>}
    </div>
  </div>
);
