import "../../styles/features/account.css";
import { Fingerprint } from "lucide";
import { useEffect, useRef, useState } from "preact/hooks";
import { toApiError } from "../../api.ts";
import { errorTextOf } from "../../locales/account/errors.ts";
import { ta } from "../../locales/account/index.ts";
import { Field, Form, Submit, Trouble } from "../../shared/ui/form.tsx";
import { Icon } from "../../shared/ui/icon.tsx";
import { Panel } from "../../shared/ui/panel.tsx";
import { useAction } from "../../shared/ui/use-action.ts";
import { OwnUsername } from "../account/own-username.tsx";
import { PasswordField } from "../account/password-field.tsx";
import { answerChallenge, knowsPasskeys } from "./passkeys.ts";
import { confirmIdentity, stepUpAsked } from "./step-up.ts";

type Settle = (isProven: boolean) => void;

function ByPassword({ hasCode, settle }: { hasCode: boolean; settle: Settle }) {
  const [password, setPassword] = useState("");
  const [totpCode, setCode] = useState("");
  const [needsCode, setNeedsCode] = useState(hasCode);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const prove = useAction(async () => {
    try {
      await confirmIdentity({ password, ...(needsCode && { totpCode: totpCode.trim() }) });
      settle(true);
    } catch (error) {
      const refusal = toApiError(error);
      if (refusal.code !== "totp_required" || needsCode) throw refusal;
      setNeedsCode(true);
    }
  });
  const { refusal } = prove;
  const isWrong = refusal?.code === "invalid_credentials";
  const wrong = isWrong && refusal ? (needsCode ? ta("proofIncorrect") : ta("passwordIncorrect")) : null;
  return (
    <Form refusal={refusal} onSubmit={() => void prove.act()}>
      <OwnUsername />
      <PasswordField
        id="proof-password"
        field={field}
        label={ta("password")}
        value={password}
        autocomplete="current-password"
        required
        error={wrong}
        onChange={(next) => {
          setPassword(next);
          prove.clear();
        }}
      />
      {needsCode && (
        <Field
          id="proof-code"
          label={ta("appCode")}
          value={totpCode}
          dir="ltr"
          autocomplete="one-time-code"
          autocapitalize="none"
          maxLength={32}
          required
          hint={ta("secondText")}
          onChange={(next) => {
            setCode(next);
            prove.clear();
          }}
        />
      )}
      {refusal && !isWrong && <p class="form-trouble">{errorTextOf(refusal)}</p>}
      <Submit isLarge isBusy={prove.isBusy} isDisabled={password === "" || (needsCode && totpCode.trim().length < 6)}>
        {ta("confirm")}
      </Submit>
    </Form>
  );
}

/** Asks the user to confirm their identity before an action that could be used to steal an account. */
export function StepUp() {
  const asked = stepUpAsked.value;
  const byPasskey = useAction(async () => {
    if (!asked?.passkey) return;
    await confirmIdentity({ passkey: await answerChallenge(asked.passkey) });
    asked.settle(true);
  });
  if (!asked) return null;
  const { methods, passkey, settle } = asked;
  return (
    <Panel title={ta("stepUpTitle")} kind="sheet" onClose={() => settle(false)}>
      <div class="step-up">
        <p>{ta("stepUpText")}</p>
        {passkey && knowsPasskeys && (
          <button type="button" class="button button-quiet" aria-disabled={byPasskey.isBusy} onClick={() => void byPasskey.act()}>
            <Icon icon={Fingerprint} size={18} /> {ta("usePasskey")}
          </button>
        )}
        <Trouble refusal={byPasskey.refusal} />
        {methods.includes("password") && <ByPassword hasCode={methods.includes("totp")} settle={settle} />}
      </div>
    </Panel>
  );
}
