import { Fingerprint } from "lucide";
import { useEffect, useRef, useState } from "preact/hooks";
import type { PasskeyAnswer } from "../../../../utils/contract/schemas/accounts.ts";
import { ApiError } from "../../api.ts";
import { errorTextOf } from "../../locales/account/errors.ts";
import { ta } from "../../locales/account/index.ts";
import { Field, Form, Submit, Trouble } from "../../shared/ui/form.tsx";
import { Icon } from "../../shared/ui/icon.tsx";
import { useAction } from "../../shared/ui/use-action.ts";
import { answerChallenge, knowsPasskeys } from "../session/passkeys.ts";
import type { StepUpMethods } from "../session/step-up.ts";

export type Second = { totpCode: string } | { passkey: PasskeyAnswer };

type Props = { ways: StepUpMethods; button: string; send: (second: Second) => Promise<void>; onBack: () => void };

/** After a correct password, `invalid_credentials` means a wrong code. */
const asCodeRefusal = (refusal: ApiError): ApiError =>
  refusal.code === "invalid_credentials" ? new ApiError("code_invalid", refusal.problem) : refusal;

/** The second step of signing in: an authenticator code, a recovery code, or a passkey. */
export function SecondFactor({ ways, button, send, onBack }: Props) {
  const [isRecovery, setRecovery] = useState(false);
  const [code, setCode] = useState("");
  const field = useRef<HTMLInputElement>(null);
  const typed = useAction(() => send({ totpCode: code.trim() }));
  const touched = useAction(async () => {
    if (ways.passkey) await send({ passkey: await answerChallenge(ways.passkey) });
  });
  useEffect(() => field.current?.focus(), [isRecovery]);
  const swap = () => {
    setRecovery(!isRecovery);
    setCode("");
    typed.clear();
  };
  return (
    <Form refusal={typed.refusal} onSubmit={() => void typed.act()}>
      <Field
        key={String(isRecovery)}
        id="second-code"
        field={field}
        label={ta(isRecovery ? "recoveryCode" : "appCode")}
        value={code}
        dir="ltr"
        autocomplete="one-time-code"
        autocapitalize="none"
        spellcheck={false}
        maxLength={32}
        inputmode={isRecovery ? "text" : "numeric"}
        required
        hint={ta(isRecovery ? "recoveryHint" : "secondText")}
        error={typed.refusal ? errorTextOf(asCodeRefusal(typed.refusal)) : null}
        onChange={(next) => {
          setCode(next);
          typed.clear();
        }}
      />
      <Submit isLarge isBusy={typed.isBusy} isDisabled={code.trim().length < 6}>
        {button}
      </Submit>
      {ways.passkey && knowsPasskeys && (
        <button type="button" class="button button-quiet" aria-disabled={touched.isBusy} onClick={() => void touched.act()}>
          <Icon icon={Fingerprint} size={18} /> {ta("usePasskey")}
        </button>
      )}
      <Trouble refusal={touched.refusal} />
      <p class="form-links">
        <button type="button" class="text-button" onClick={swap}>
          {ta(isRecovery ? "useApp" : "useRecovery")}
        </button>
        <button type="button" class="text-button" onClick={onBack}>
          {ta("startOver")}
        </button>
      </p>
    </Form>
  );
}
