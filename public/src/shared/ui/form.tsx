import "../../styles/form.css";
import { type ComponentChildren, h, type RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { ApiError } from "../../api.ts";
import { errorTextOf, isFromDecision } from "../../locales/account/errors.ts";
import { countedOf, ta } from "../../locales/account/index.ts";
import { number } from "../../locales/index.ts";
import { graphemesOf } from "../text/pictorial.ts";

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
  /** Maximum number of graphemes. Near it the field shows how many are left, beyond it how many are too many. */
  graphemes?: number | undefined;
  isOptional?: boolean;
  /** Rendered inside the field at its end. */
  inside?: ComponentChildren;
  /** Rendered after the field: a password strength, suggestions. */
  children?: ComponentChildren;
  field?: RefObject<HTMLInputElement | null>;
};

/** JSX requires a separate type per input kind; this one can be any kind. */
const INPUT: string = "input";

const COUNT_FROM = 60;

/** Returns the hint about the remaining length, if it is low, and the error if the text is too long. Both null without a limit. */
export function lengthHints(value: string, graphemes: number | undefined): { left: string | null; over: string | null } {
  if (graphemes === undefined || value.length < graphemes / 2) return { left: null, over: null };
  const left = graphemes - graphemesOf(value.trim());
  if (left < 0) return { left: null, over: ta("overLimit", { count: number(-left) }) };
  return { left: left <= Math.min(COUNT_FROM, graphemes / 4) ? countedOf("charactersLeft", left) : null, over: null };
}

/** Returns whether a text has more characters than its field takes. */
export const isTooLong = (value: string, graphemes: number): boolean => lengthHints(value, graphemes).over !== null;

/** Renders a label, a field, and below it the hint and the error, which are associated with it for screen readers. */
export function Field({ id, label, value, onChange, hint, isOptional, inside, children, field, graphemes, ...attributes }: FieldProps) {
  const { left, over } = lengthHints(value, graphemes);
  const { error = null, ...others } = attributes;
  const wrong = over ?? error;
  const described = [hint || left ? `${id}-hint` : "", `${id}-error`].filter(Boolean).join(" ");
  return (
    <div class="form-field">
      <label class="form-label" for={id}>
        {label} {isOptional && <span class="form-optional">{ta("optional")}</span>}
      </label>
      <div class={inside ? "form-box form-box-inside" : "form-box"}>
        {h(INPUT, {
          type: "text",
          dir: "auto",
          ...others,
          ...(field && { ref: field }),
          id,
          class: "field",
          value,
          "aria-describedby": described,
          "aria-invalid": Boolean(wrong),
          onInput: (event: Event) => event.target instanceof HTMLInputElement && onChange(event.target.value),
        })}
        {inside}
      </div>
      {(hint || left) && (
        <p class="form-hint" id={`${id}-hint`}>
          {hint} {left}
        </p>
      )}
      <div id={`${id}-error`} role="alert">
        {wrong && <p class="form-error">{wrong}</p>}
      </div>
      {children}
    </div>
  );
}

/** Shows an error about the whole form; nothing without one. `text` replaces the error's default text. */
export const Trouble = ({ refusal, text }: { refusal: ApiError | null; text?: string | undefined }) => (
  <div role="alert">
    {refusal && (
      <p class="form-trouble">
        {text ?? errorTextOf(refusal)}{" "}
        {isFromDecision(refusal) && (
          <a class="text-button" href="/me/moderation">
            {ta("seeDecision")}
          </a>
        )}
      </p>
    )}
  </div>
);

/** Shows a success message, which screen readers announce. */
export const Done = ({ text }: { text: string | null }) => <div role="status">{text && <p class="form-done">{text}</p>}</div>;

type FormProps = { class?: string; onSubmit: () => void; refusal?: ApiError | null; children: ComponentChildren };

/** Renders a form that is submitted by script. On an error, the first invalid field gets the focus. */
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
