import { ta } from "../../locales/account/index.ts";
import { lengthHints } from "../../shared/ui/form.tsx";

type Option<Value> = { readonly value: Value; readonly label: string };

type ChoicesProps<Value> = {
  name: string;
  legend: string;
  options: readonly Option<Value>[];
  chosen: Value;
  onChange: (value: Value) => void;
};

/** Renders radio buttons as chips. */
export const Choices = <Value extends string | number | null>({ name, legend, options, chosen, onChange }: ChoicesProps<Value>) => (
  <fieldset class="mod-choices">
    <legend class="form-label">{legend}</legend>
    <div class="mod-chips">
      {options.map(({ value, label }) => (
        <label key={String(value)} class="choice-one">
          <input type="radio" name={`mod-${name}`} class="sr-only" checked={chosen === value} onChange={() => onChange(value)} />
          <span class="choice-name">{label}</span>
        </label>
      ))}
    </div>
  </fieldset>
);

type SelectProps<Value> = {
  id: string;
  label: string;
  options: readonly Option<Value>[];
  chosen: Value;
  onChange: (value: Value) => void;
};

export const Select = <Value extends string>({ id, label, options, chosen, onChange }: SelectProps<Value>) => (
  <div class="form-field">
    <label class="form-label" for={id}>
      {label}
    </label>
    <select
      id={id}
      class="field"
      value={chosen}
      onChange={({ currentTarget }) => {
        const found = options.find(({ value }) => value === currentTarget.value);
        if (found) onChange(found.value);
      }}
    >
      {options.map(({ value, label: name }) => (
        <option key={value} value={value} selected={value === chosen}>
          {name}
        </option>
      ))}
    </select>
  </div>
);

type TextAreaProps = {
  id: string;
  label: string;
  hint?: string;
  error?: string | null;
  value: string;
  most: number;
  rows?: number;
  isOptional?: boolean;
  isCode?: boolean;
  onChange: (value: string) => void;
};

/** Renders a field for a longer text, with a hint near its maximum length. */
export function TextArea({
  id,
  label,
  hint,
  error = null,
  value,
  most,
  rows = 2,
  isOptional = false,
  isCode = false,
  onChange,
}: TextAreaProps) {
  const { left, over } = lengthHints(value, most);
  const wrong = over ?? error;
  return (
    <div class="form-field">
      <label class="form-label" for={id}>
        {label} {isOptional && <span class="form-optional">{ta("optional")}</span>}
      </label>
      <textarea
        id={id}
        class={isCode ? "field field-tall mod-code" : "field field-tall"}
        dir={isCode ? "ltr" : "auto"}
        rows={rows}
        spellcheck={!isCode}
        value={value}
        aria-describedby={`${id}-hint ${id}-error`}
        aria-invalid={Boolean(wrong)}
        onInput={({ currentTarget }) => onChange(currentTarget.value)}
      />
      <p class="form-hint" id={`${id}-hint`}>
        {hint} {left}
      </p>
      <div id={`${id}-error`} role="alert">
        {wrong && <p class="form-error">{wrong}</p>}
      </div>
    </div>
  );
}

/** Renders a checkbox with its label. */
export const Tick = ({ label, isOn, onChange }: { label: string; isOn: boolean; onChange: (is: boolean) => void }) => (
  <label class="mod-tick">
    <input type="checkbox" checked={isOn} onChange={({ currentTarget }) => onChange(currentTarget.checked)} />
    <span>{label}</span>
  </label>
);
