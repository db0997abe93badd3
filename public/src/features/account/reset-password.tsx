import { KeyRound, Link2Off, MailCheck } from "lucide";
import { useEffect, useState } from "preact/hooks";
import { errorTextOf } from "../../locales/account/errors.ts";
import { ta } from "../../locales/account/index.ts";
import { fieldOf } from "../../shared/state/form-errors.ts";
import { takeSecret } from "../../shared/state/route.ts";
import { Field, Form, Submit, Trouble } from "../../shared/ui/form.tsx";
import { useAction } from "../../shared/ui/use-action.ts";
import { renew, session } from "../session/session.ts";
import { loadSignUpRules, requestPasswordReset, resetPassword, signUpRules } from "./account.ts";
import { Card, Outcome } from "./card.tsx";
import { PasswordField } from "./password-field.tsx";
import { PhoneStep, type Proof } from "./phone-step.tsx";

/** Authorizes setting a password: a mailed token or proof of a confirmed phone number. */
type Key = { token: string } | { phoneProof: string };

function ByEmail({ onSent }: { onSent: () => void }) {
  const [identifier, setIdentifier] = useState("");
  const send = useAction(async () => {
    await requestPasswordReset(identifier.trim());
    onSent();
  });
  return (
    <Form refusal={send.refusal} onSubmit={() => void send.act()}>
      <Field
        id="identifier"
        label={ta("resetIdentifier")}
        value={identifier}
        dir="ltr"
        autocomplete="username"
        autocapitalize="none"
        spellcheck={false}
        maxLength={254}
        required
        onChange={(next) => {
          setIdentifier(next);
          send.clear();
        }}
      />
      <Trouble refusal={send.refusal} />
      <Submit isLarge isBusy={send.isBusy} isDisabled={identifier.trim() === ""}>
        {ta("resetSend")}
      </Submit>
    </Form>
  );
}

function Ask({ onKey, onSent }: { onKey: (key: Key) => void; onSent: () => void }) {
  const [way, setWay] = useState<"email" | "phone">("email");
  const hasPhone = signUpRules.value !== null && signUpRules.value.phone !== "off";
  useEffect(() => void loadSignUpRules(), []);
  return (
    <Card title={ta("resetTitle")} {...(hasPhone && { text: ta("resetText") })}>
      {hasPhone && (
        <fieldset class="choice">
          <legend class="sr-only">{ta("resetText")}</legend>
          <div class="choice-row">
            {(["email", "phone"] as const).map((one) => (
              <label key={one} class="choice-one">
                <input type="radio" name="way" class="sr-only" checked={way === one} onChange={() => setWay(one)} />
                <span class="choice-name">{ta(one === "email" ? "byEmail" : "byPhone")}</span>
              </label>
            ))}
          </div>
        </fieldset>
      )}
      {way === "email" ? (
        <ByEmail onSent={onSent} />
      ) : (
        <div class="form">
          <PhoneStep purpose="reset" proof={null} onProof={(proof: Proof | null) => proof && onKey({ phoneProof: proof.phoneProof })} />
        </div>
      )}
      <p class="account-else">
        <a class="text-button" href="/signin">
          {ta("signInTitle")}
        </a>
      </p>
    </Card>
  );
}

function NewPassword({ with: key, onDone, onBad }: { with: Key; onDone: () => void; onBad: () => void }) {
  const [password, setPassword] = useState("");
  const save = useAction(async () => {
    await resetPassword({ ...key, newPassword: password });
    // Setting a new password has ended this account's sessions, including one in this browser.
    if (session.peek()) void renew();
    onDone();
  });
  const { refusal } = save;
  const isBad = refusal?.code === "token_invalid" || refusal?.code === "phone_proof_invalid";
  useEffect(() => {
    if (isBad) onBad();
  }, [isBad]);
  const isOfField = refusal !== null && fieldOf(refusal) === "password";
  return (
    <Card title={ta("resetTitle")} text={ta("resetSignsOut")}>
      <Form refusal={refusal} onSubmit={() => void save.act()}>
        <PasswordField
          id="new-password"
          label={ta("newPassword")}
          value={password}
          autocomplete="new-password"
          required
          hint={ta("passwordHint")}
          error={isOfField ? errorTextOf(refusal) : null}
          onChange={(next) => {
            setPassword(next);
            save.clear();
          }}
        />
        <Trouble refusal={isOfField || isBad ? null : refusal} />
        <Submit isLarge isBusy={save.isBusy} isDisabled={password === ""}>
          {ta("resetSave")}
        </Submit>
      </Form>
    </Card>
  );
}

type End = "sent" | "done" | "bad";

function Ended({ end, onAgain }: { end: End; onAgain: () => void }) {
  const again = (
    <button type="button" class={end === "bad" ? "button button-main" : "button button-quiet"} onClick={onAgain}>
      {ta("resetAgain")}
    </button>
  );
  if (end === "sent")
    return (
      <Outcome icon={MailCheck} title={ta("resetSentTitle")} text={ta("resetSentText")}>
        {again}
      </Outcome>
    );
  if (end === "bad")
    return (
      <Outcome icon={Link2Off} title={ta("linkBadTitle")} text={ta("linkBadText")}>
        {again}
      </Outcome>
    );
  return (
    <Outcome icon={KeyRound} title={ta("resetDoneTitle")} text={ta("resetDoneText")}>
      <a class="button button-main" href="/signin">
        {ta("signInTitle")}
      </a>
    </Outcome>
  );
}

/** Resets a forgotten password: requests a link or a code, then sets a new password. */
export function ResetPassword() {
  const [key, setKey] = useState<Key | null>(() => {
    const token = takeSecret();
    return token === "" ? null : { token };
  });
  const [end, setEnd] = useState<End | null>(null);
  const again = () => {
    setKey(null);
    setEnd(null);
  };
  if (end) return <Ended end={end} onAgain={again} />;
  if (!key) return <Ask onKey={setKey} onSent={() => setEnd("sent")} />;
  return <NewPassword with={key} onDone={() => setEnd("done")} onBad={() => setEnd("bad")} />;
}
