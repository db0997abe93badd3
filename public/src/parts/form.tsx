import "../styles/form.css";
import { type ComponentChildren, h, type RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Refusal } from "../api.ts";
import { ta } from "../locales/account/index.ts";
import { wordsOf } from "../locales/account/refusals.ts";

type Attributes = {
  type?: "text" | "email" | "tel" | "password" | "date";
  dir?: "auto" | "ltr";
  autocomplete?: string;
  autocapitalize?: "none" | "characters";
  inputmode?: "text" | "numeric" | "tel" | "email";
  maxLength?: number;
  max?: string;
  required?: boolean;
  spellcheck?: boolean;
  onKeyDown?: (event: KeyboardEvent) => void;
};

export type FieldProps = Attributes & {
  id: string;
  label: string;
  value: string;
  onChange: (value: string) => void;
  hint?: ComponentChildren;
  error?: string | null;
  isOptional?: boolean;
  /** What stands inside the field at its end. */
  inside?: ComponentChildren;
  /** What follows the field: a strength, suggestions. */
  children?: ComponentChildren;
  field?: RefObject<HTMLInputElement | null>;
};

/** JSX wants every kind of field written out; this one is any of them. */
const INPUT: string = "input";

/** A label, a field, and below it the hint and what is wrong, which belong to it for those who hear the page. */
export function Field({ id, label, value, onChange, hint, error, isOptional, inside, children, field, ...attributes }: FieldProps) {
  const described = [hint ? `${id}-hint` : "", `${id}-error`].filter(Boolean).join(" ");
  return (
    <div class="form-field">
      <label class="form-label" for={id}>
        {label} {isOptional && <span class="form-optional">{ta("optional")}</span>}
      </label>
      <div class={inside ? "form-box form-box-inside" : "form-box"}>
        {h(INPUT, {
          ...{ type: "text", dir: "auto" },
          ...attributes,
          ...(field && { ref: field }),
          ...{ id, class: "field", value, "aria-describedby": described, "aria-invalid": Boolean(error) },
          onInput: (event: Event) => event.target instanceof HTMLInputElement && onChange(event.target.value),
        })}
        {inside}
      </div>
      {hint && (
        <p class="form-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      <div id={`${id}-error`} role="alert">
        {error && <p class="form-error">{error}</p>}
      </div>
      {children}
    </div>
  );
}

/** What went wrong with the whole; nothing while nothing did. `text` where the place has better words for it than the refusal. */
export function Trouble({ refusal, text }: { refusal: Refusal | null; text?: string | undefined }) {
  return <div role="alert">{refusal && <p class="form-trouble">{text ?? wordsOf(refusal)}</p>}</div>;
}

/** Something went well. It is said to those who hear the page too. */
export const Done = ({ text }: { text: string | null }) => <div role="status">{text && <p class="form-done">{text}</p>}</div>;

type FormProps = { class?: string; onSubmit: () => void; refusal?: Refusal | null; children: ComponentChildren };

/** A form that is sent by the page itself. When something comes back wrong, the focus goes to the first field it is about. */
export function Form({ onSubmit, refusal = null, children, ...rest }: FormProps) {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (refusal) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [refusal]);
  return (
    <form
      ref={form}
      class={`form ${rest.class ?? ""}`}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      {children}
    </form>
  );
}

type SubmitProps = { isBusy: boolean; isDisabled?: boolean; isLarge?: boolean; children: ComponentChildren };

export const Submit = ({ isBusy, isDisabled = false, isLarge = false, children }: SubmitProps) => (
  <button
    type="submit"
    class={isLarge ? "button button-main button-large form-submit" : "button button-main"}
    disabled={isDisabled}
    aria-disabled={isBusy}
    data-busy={isBusy ? "" : undefined}
  >
    {children}
  </button>
);
