import { useEffect, useRef, useState } from "preact/hooks";
import type { TotpSecretDto } from "../../../../../utils/contract/schemas/factors.ts";
import { errorTextOf } from "../../../locales/account/errors.ts";
import { countedOf, ta } from "../../../locales/account/index.ts";
import { CopyButton } from "../../../shared/ui/copy-button.tsx";
import { Field, Form, Submit, Trouble } from "../../../shared/ui/form.tsx";
import { useAction } from "../../../shared/ui/use-action.ts";
import { PasswordField } from "../../account/password-field.tsx";
import { me } from "../../session/me.ts";
import { beginTotp, confirmTotp, removeTotp, renewRecoveryCodes } from "../../session/my-account.ts";
import { Cancel, Section, State } from "../section.tsx";
import { type QrPicture, qrOf } from "./qr.ts";
import { RecoveryCodes } from "./recovery-codes.tsx";

/** Renders the key as a QR code. Black on white in every theme, with a margin, as the standard requires. */
function Qr({ uri }: { uri: string }) {
  const [picture, setPicture] = useState<QrPicture | null>(null);
  useEffect(() => void qrOf(uri).then(setPicture, () => undefined), [uri]);
  if (!picture) return <div class="qr" aria-hidden="true" />;
  return (
    <svg class="qr" viewBox={`0 0 ${picture.size} ${picture.size}`} role="img" aria-label={ta("totpPicture")} shape-rendering="crispEdges">
      <path d={picture.path} />
    </svg>
  );
}

const Key = ({ secret }: { secret: string }) => (
  <div class="totp-key">
    <p>{ta("totpKey")}</p>
    <p class="secret">
      <code data-secret={secret}>{secret.match(/.{1,4}/g)?.join(" ")}</code>
      <CopyButton text={secret} isPlain />
    </p>
  </div>
);

type SetUpProps = { totp: TotpSecretDto; onCodes: (codes: readonly string[]) => void; onCancel: () => void };

function SetUp({ totp, onCodes, onCancel }: SetUpProps) {
  const [code, setCode] = useState("");
  const part = useRef<HTMLDivElement>(null);
  const confirm = useAction(async () => onCodes((await confirmTotp(code)).recoveryCodes));
  useEffect(() => part.current?.focus(), []);
  return (
    <div class="totp" ref={part} tabIndex={-1}>
      <p>{ta("totpScan")}</p>
      <Qr uri={totp.uri} />
      <Key secret={totp.secret} />
      <Form refusal={confirm.refusal} onSubmit={() => void confirm.act()}>
        <Field
          id="totp-code"
          label={ta("totpCode")}
          value={code}
          dir="ltr"
          inputmode="numeric"
          autocomplete="one-time-code"
          required
          error={confirm.refusal ? errorTextOf(confirm.refusal) : null}
          onChange={(next) => {
            setCode(next.replace(/\D/g, "").slice(0, 6));
            confirm.clear();
          }}
        />
        <div class="form-actions">
          <Submit isBusy={confirm.isBusy} isDisabled={code.length < 6}>
            {ta("totpOn")}
          </Submit>
          <Cancel onCancel={onCancel} />
        </div>
      </Form>
    </div>
  );
}

function TurnOff({ onDone }: { onDone: () => void }) {
  const [password, setPassword] = useState("");
  const off = useAction(async () => {
    await removeTotp(password);
    onDone();
  });
  const isWrong = off.refusal?.code === "invalid_credentials";
  return (
    <Form refusal={off.refusal} onSubmit={() => void off.act()}>
      <PasswordField
        id="totp-password"
        label={ta("currentPassword")}
        value={password}
        autocomplete="current-password"
        required
        hint={ta("totpOffText")}
        error={isWrong ? ta("passwordIncorrect") : null}
        onChange={(next) => {
          setPassword(next);
          off.clear();
        }}
      />
      <Trouble refusal={isWrong ? null : off.refusal} />
      <div class="form-actions form-danger">
        <Submit isBusy={off.isBusy} isDisabled={password === ""}>
          {ta("totpOff")}
        </Submit>
        <Cancel onCancel={onDone} />
      </div>
    </Form>
  );
}

type View = { kind: "resting" } | { kind: "setUp"; totp: TotpSecretDto } | { kind: "off" } | { kind: "codes"; codes: readonly string[] };

function Resting({ isOn, show }: { isOn: boolean; show: (view: View) => void }) {
  const begin = useAction(async () => {
    const totp = await beginTotp();
    if (totp) show({ kind: "setUp", totp });
  });
  const renew = useAction(async () => {
    const answer = await renewRecoveryCodes();
    if (answer) show({ kind: "codes", codes: answer.recoveryCodes });
  });
  if (!isOn)
    return (
      <>
        <button type="button" class="button button-quiet" aria-disabled={begin.isBusy} onClick={() => void begin.act()}>
          {ta("setUp")}
        </button>
        <Trouble refusal={begin.refusal} />
      </>
    );
  return (
    <>
      <p class="settings-section-text">{countedOf("codesLeft", me.value?.recoveryCodesLeft ?? 0)}</p>
      <div class="form-actions">
        <button type="button" class="button button-quiet" aria-disabled={renew.isBusy} onClick={() => void renew.act()}>
          {ta("codesRenew")}
        </button>
        <button type="button" class="button button-quiet" onClick={() => show({ kind: "off" })}>
          {ta("totpOff")}
        </button>
      </div>
      <Trouble refusal={renew.refusal} />
    </>
  );
}

/** Renders the second factor settings: on, off, and the recovery codes for a lost phone. */
export function TwoFactor() {
  const [view, setView] = useState<View>({ kind: "resting" });
  const isOn = me.value?.hasTotp === true;
  const rest = () => setView({ kind: "resting" });
  return (
    <Section
      id="two-factor"
      title={ta("twoFactor")}
      text={ta("twoFactorText")}
      mark={<State is={isOn ? "good" : "off"}>{ta(isOn ? "isOn" : "isOff")}</State>}
    >
      {view.kind === "setUp" && <SetUp totp={view.totp} onCodes={(codes) => setView({ kind: "codes", codes })} onCancel={rest} />}
      {view.kind === "codes" && <RecoveryCodes codes={view.codes} onKept={rest} />}
      {view.kind === "off" && <TurnOff onDone={rest} />}
      {view.kind === "resting" && <Resting isOn={isOn} show={setView} />}
    </Section>
  );
}
