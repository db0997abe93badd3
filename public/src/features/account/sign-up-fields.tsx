import { limits } from "../../../../utils/contract/limits.ts";
import { ta } from "../../locales/account/index.ts";
import { number } from "../../locales/index.ts";
import type { FormField } from "../../shared/state/form-errors.ts";
import { Field } from "../../shared/ui/form.tsx";
import { FreeNames } from "../../shared/ui/free-names.tsx";
import { signUpRules } from "./account.ts";
import { PasswordField } from "./password-field.tsx";
import { PhoneStep } from "./phone-step.tsx";
import type { SignUpState } from "./use-sign-up.ts";

const freeFor = ({ field, send: { refusal } }: SignUpState, name: FormField): string[] =>
  field === name && refusal?.code === "name_taken" ? refusal.list("suggestions").slice(0, 3) : [];

function UsernameField({ form }: { form: SignUpState }) {
  const { draft, set, errorAt } = form;
  const free = freeFor(form, "username");
  return (
    <Field
      id="username"
      label={ta("username")}
      value={draft.username}
      dir="ltr"
      autocomplete="username"
      autocapitalize="none"
      spellcheck={false}
      graphemes={limits.usernameCharacters.max}
      required
      hint={ta("usernameHint")}
      error={free.length > 0 ? ta("usernameTaken") : errorAt("username")}
      onChange={(username) => set({ username })}
    >
      <FreeNames place="form-suggestions" names={free} onTake={(username) => set({ username })} />
    </Field>
  );
}

export const OldMessages = ({ form: { draft, set } }: { form: SignUpState }) => (
  <fieldset class="choice form-field">
    <legend>{ta("earlierMessages")}</legend>
    <div class="choice-row">
      {[true, false].map((keeps) => (
        <label key={String(keeps)} class="choice-one">
          <input
            type="radio"
            name="old"
            class="sr-only"
            checked={draft.keepMessages === keeps}
            onChange={() => set({ keepMessages: keeps })}
          />
          <span class="choice-name">{ta(keeps ? "oldMessagesKeep" : "oldMessagesLeave")}</span>
        </label>
      ))}
    </div>
  </fieldset>
);

export function Names({ form }: { form: SignUpState }) {
  const { draft, set, errorAt } = form;
  return (
    <>
      <UsernameField form={form} />
      <PasswordField
        id="password"
        label={ta("password")}
        value={draft.password}
        username={draft.username}
        autocomplete="new-password"
        required
        hint={ta("passwordHint")}
        error={errorAt("password")}
        onChange={(password) => set({ password })}
      />
      <Field
        id="display-name"
        label={ta("displayName")}
        value={draft.displayName}
        autocomplete="nickname"
        graphemes={limits.nameGraphemes.max}
        isOptional
        hint={ta("displayNameHint")}
        error={errorAt("displayName")}
        onChange={(displayName) => set({ displayName })}
      >
        <FreeNames place="form-suggestions" names={freeFor(form, "displayName")} onTake={(displayName) => set({ displayName })} />
      </Field>
    </>
  );
}

export function Contacts({ form }: { form: SignUpState }) {
  const { draft, set, proof, changeProof, errorAt, send } = form;
  const rules = signUpRules.value;
  const phone = send.refusal?.code === "phone_required" ? "required" : (rules?.phone ?? "off");
  return (
    <>
      {(rules?.canMail ?? true) && (
        <Field
          id="email"
          label={ta("email")}
          type="email"
          dir="ltr"
          value={draft.email}
          autocomplete="email"
          inputmode="email"
          maxLength={254}
          isOptional
          hint={ta("emailHint")}
          error={errorAt("email")}
          onChange={(email) => set({ email })}
        />
      )}
      {phone === "required" && <PhoneStep purpose="signup" error={errorAt("phone")} proof={proof} onProof={changeProof} />}
      <More form={form} hasPhone={phone === "optional"} minAge={rules?.minAge ?? 0} />
    </>
  );
}

/** Shows the optional fields, which can also be set later. */
function More({ form, hasPhone, minAge }: { form: SignUpState; hasPhone: boolean; minAge: number }) {
  const { draft, set, proof, changeProof, errorAt } = form;
  const phoneError = errorAt("phone");
  const birthError = errorAt("birthDate");
  if (!hasPhone && minAge === 0) return null;
  return (
    <details class="more" open={Boolean(phoneError ?? birthError) || undefined}>
      <summary>{ta("more")}</summary>
      <div class="form">
        {hasPhone && <PhoneStep purpose="signup" isOptional error={phoneError} proof={proof} onProof={changeProof} />}
        {minAge > 0 && (
          <Field
            id="birth-date"
            label={ta("birthDate")}
            type="date"
            value={draft.birthDate}
            autocomplete="bday"
            max={new Date().toISOString().slice(0, 10)}
            isOptional
            hint={ta("birthHint", { age: number(minAge) })}
            error={birthError}
            onChange={(birthDate) => set({ birthDate })}
          />
        )}
      </div>
    </details>
  );
}
