import { useState } from "preact/hooks";
import { errorTextOf } from "../../../locales/account/errors.ts";
import { ta } from "../../../locales/account/index.ts";
import { fieldOf } from "../../../shared/state/form-errors.ts";
import { Done, Form, Submit, Trouble } from "../../../shared/ui/form.tsx";
import { useAction } from "../../../shared/ui/use-action.ts";
import { OwnUsername } from "../../account/own-username.tsx";
import { PasswordField } from "../../account/password-field.tsx";
import { me } from "../../session/me.ts";
import { changePassword } from "../../session/my-account.ts";
import { Cancel, Section } from "../section.tsx";

const empty = { currentPassword: "", newPassword: "" };

function PasswordForm({ onDone, onCancel }: { onDone: () => void; onCancel: () => void }) {
  const [typed, setTyped] = useState(empty);
  const save = useAction(async () => {
    await changePassword(typed);
    onDone();
  });
  const set = (change: Partial<typeof empty>) => {
    setTyped((before) => ({ ...before, ...change }));
    save.clear();
  };
  const { refusal } = save;
  const isNew = refusal !== null && fieldOf(refusal) === "password";
  const isCurrent = refusal?.code === "invalid_credentials";
  return (
    <Form refusal={refusal} onSubmit={() => void save.act()}>
      <OwnUsername />
      <PasswordField
        id="current-password"
        label={ta("currentPassword")}
        value={typed.currentPassword}
        autocomplete="current-password"
        required
        error={isCurrent ? ta("passwordIncorrect") : null}
        onChange={(currentPassword) => set({ currentPassword })}
      />
      <PasswordField
        id="new-password"
        label={ta("newPassword")}
        value={typed.newPassword}
        username={me.value?.username ?? ""}
        autocomplete="new-password"
        required
        hint={ta("passwordHint")}
        error={isNew ? errorTextOf(refusal) : null}
        onChange={(newPassword) => set({ newPassword })}
      />
      <Trouble refusal={isNew || isCurrent ? null : refusal} />
      <div class="form-actions">
        <Submit isBusy={save.isBusy} isDisabled={typed.currentPassword === "" || typed.newPassword === ""}>
          {ta("passwordChange")}
        </Submit>
        <Cancel onCancel={onCancel} />
      </div>
    </Form>
  );
}

export function Password() {
  const [state, setState] = useState<"resting" | "open" | "done">("resting");
  return (
    <Section id="password" title={ta("passwordTitle")}>
      {state === "open" ? (
        <PasswordForm onDone={() => setState("done")} onCancel={() => setState("resting")} />
      ) : (
        <button type="button" class="button button-quiet" onClick={() => setState("open")}>
          {ta("passwordChange")}
        </button>
      )}
      <Done text={state === "done" ? ta("passwordChanged") : null} />
    </Section>
  );
}
