import { useEffect, useState } from "preact/hooks";
import { errorTextOf } from "../../locales/account/errors.ts";
import { ta } from "../../locales/account/index.ts";
import { fieldOf } from "../../shared/state/form-errors.ts";
import { Done, Field, Form, Submit, Trouble } from "../../shared/ui/form.tsx";
import { useAction } from "../../shared/ui/use-action.ts";
import { loadSignUpRules, signUpRules } from "../account/account.ts";
import { PhoneStep, type Proof } from "../account/phone-step.tsx";
import { loadLounges } from "../lobby/lounges.ts";
import { me } from "../session/me.ts";
import { changeEmail, changePhone } from "../session/my-account.ts";
import { Cancel, Section, State } from "./section.tsx";

function EmailForm({ onDone, onCancel }: { onDone: (words: string) => void; onCancel: () => void }) {
  const [email, setEmail] = useState("");
  const save = useAction(async () => {
    const typed = email.trim();
    if (await changeEmail(typed)) onDone(ta("emailSent", { email: typed }));
  });
  const isOfField = save.refusal !== null && fieldOf(save.refusal) === "email";
  return (
    <Form refusal={save.refusal} onSubmit={() => void save.act()}>
      <Field
        id="email"
        label={ta("email")}
        type="email"
        dir="ltr"
        autocomplete="email"
        inputmode="email"
        maxLength={254}
        required
        value={email}
        hint={ta("emailHint")}
        error={isOfField && save.refusal ? errorTextOf(save.refusal) : null}
        onChange={(next) => {
          setEmail(next);
          save.clear();
        }}
      />
      <Trouble refusal={isOfField ? null : save.refusal} />
      <div class="form-actions">
        <Submit isBusy={save.isBusy} isDisabled={email.trim() === ""}>
          {ta("save")}
        </Submit>
        <Cancel onCancel={onCancel} />
      </div>
    </Form>
  );
}

function Email() {
  const [isOpen, setOpen] = useState(false);
  const [done, setDone] = useState<string | null>(null);
  const remove = useAction(async () => {
    if (await changeEmail(null)) setDone(ta("emailRemoved"));
  });
  const address = me.value?.email ?? null;
  const isConfirmed = me.value?.verification.email === true;
  const finish = (words: string | null) => {
    setOpen(false);
    setDone(words);
  };
  return (
    <Section
      id="email-part"
      title={ta("email")}
      text={address ? <bdi class="settings-value">{address}</bdi> : ta("emailNone")}
      mark={address && <State is={isConfirmed ? "good" : "waiting"}>{isConfirmed ? ta("confirmed") : ta("emailUnconfirmed")}</State>}
    >
      {isOpen ? (
        <EmailForm onDone={finish} onCancel={() => finish(null)} />
      ) : (
        <div class="form-actions">
          <button type="button" class="button button-quiet" onClick={() => setOpen(true)}>
            {ta(address ? "change" : "emailSet")}
          </button>
          {address && (
            <button type="button" class="button button-quiet" aria-disabled={remove.isBusy} onClick={() => void remove.act()}>
              {ta("remove")}
            </button>
          )}
        </div>
      )}
      <Trouble refusal={remove.refusal} />
      <Done text={done} />
    </Section>
  );
}

function Phone() {
  const [isOpen, setOpen] = useState(false);
  const [isDone, setDone] = useState(false);
  const save = useAction(async ({ phoneProof }: Proof) => {
    if ((await changePhone(phoneProof)) === undefined) return;
    setOpen(false);
    setDone(true);
    await loadLounges();
  });
  const number = me.value?.phoneNumber ?? null;
  const error = save.refusal && fieldOf(save.refusal) === "phone" ? errorTextOf(save.refusal) : null;
  return (
    <Section
      id="phone-part"
      title={ta("phone")}
      text={
        number ? (
          <bdi class="settings-value" dir="ltr">
            {number}
          </bdi>
        ) : (
          ta("phoneNone")
        )
      }
      mark={number && me.value?.verification.phone && <State is="good">{ta("confirmed")}</State>}
    >
      {isOpen ? (
        <div class="form">
          <PhoneStep purpose="change" proof={null} error={error} onProof={(proof) => proof && void save.act(proof)} />
          <Trouble refusal={error ? null : save.refusal} />
          <div class="form-actions">
            <Cancel onCancel={() => setOpen(false)} />
          </div>
        </div>
      ) : (
        <button type="button" class="button button-quiet" onClick={() => setOpen(true)}>
          {ta(number ? "change" : "phoneSet")}
        </button>
      )}
      <Done text={isDone && !isOpen ? ta("phoneChanged") : null} />
    </Section>
  );
}

/** Renders the user's contact data: for a forgotten password, and for rooms that require a phone number. */
export function Contacts() {
  useEffect(() => void loadSignUpRules(), []);
  const rules = signUpRules.value;
  return (
    <>
      {(rules?.canMail ?? true) && <Email />}
      {rules !== null && rules.phone !== "off" && <Phone />}
    </>
  );
}
