import { Check } from "lucide";
import { useEffect, useRef, useState } from "preact/hooks";
import type { PhoneVerificationDto } from "../../../../utils/contract/schemas/accounts.ts";
import type { ApiError } from "../../api.ts";
import { errorTextOf } from "../../locales/account/errors.ts";
import { ta } from "../../locales/account/index.ts";
import { number as numeral } from "../../locales/index.ts";
import { now } from "../../shared/state/clock.ts";
import { Field } from "../../shared/ui/form.tsx";
import { Icon } from "../../shared/ui/icon.tsx";
import { useAction } from "../../shared/ui/use-action.ts";
import { confirmPhoneCode, type PhonePurpose, requestPhoneCode } from "./account.ts";

type Sent = { verificationId: string; number: string; resendAt: number };
export type Proof = { phoneProof: string; number: string };

const sentOf = ({ verificationId, resendInMs }: PhoneVerificationDto, number: string): Sent => ({
  verificationId,
  number,
  resendAt: Date.now() + resendInMs,
});

/** Makes Enter in a field of this step run the step instead of submitting the surrounding form. */
const onEnter = (run: () => void) => (event: KeyboardEvent) => {
  if (event.key !== "Enter" || event.isComposing) return;
  event.preventDefault();
  run();
};

/** Returns when a new code may be requested if the last request was rate-limited, in ms since 1970; otherwise 0. */
const resendAtOf = (refusal: ApiError | null): number =>
  refusal?.code === "rate_limited" && refusal.retryAfterMs ? Date.now() + refusal.retryAfterMs : 0;

type NumberProps = {
  purpose: PhonePurpose;
  isOptional: boolean;
  error: string | null;
  start: string;
  onSent: (sent: Sent) => void;
};

function NumberPart({ purpose, isOptional, error, start, onSent }: NumberProps) {
  const [number, setNumber] = useState(start);
  const ask = useAction(async () => onSent(sentOf(await requestPhoneCode(number.trim(), purpose), number.trim())));
  const send = () => {
    if (number.trim() !== "") void ask.act();
  };
  return (
    <Field
      id="phone"
      label={ta("phone")}
      type="tel"
      dir="ltr"
      autocomplete="tel"
      inputmode="tel"
      maxLength={32}
      required={!isOptional}
      isOptional={isOptional}
      value={number}
      hint={ta("phoneHint")}
      error={ask.refusal ? errorTextOf(ask.refusal) : error}
      onChange={(next) => {
        setNumber(next);
        ask.clear();
      }}
      onKeyDown={onEnter(send)}
      inside={
        <button
          type="button"
          class="button button-quiet form-inside-button"
          disabled={number.trim() === ""}
          aria-disabled={ask.isBusy}
          onClick={send}
        >
          {ta("phoneSend")}
        </button>
      }
    />
  );
}

type CodeProps = { sent: Sent; purpose: PhonePurpose; onSent: (sent: Sent) => void; onProof: (proof: string) => void; onBack: () => void };

function CodePart({ sent, purpose, onSent, onProof, onBack }: CodeProps) {
  const [code, setCode] = useState("");
  const field = useRef<HTMLInputElement>(null);
  const confirm = useAction(async (typed: string) => onProof(await confirmPhoneCode(sent.verificationId, typed)));
  const again = useAction(async () => {
    onSent(sentOf(await requestPhoneCode(sent.number, purpose), sent.number));
    setCode("");
    confirm.clear();
    field.current?.focus();
  });
  useEffect(() => field.current?.focus(), []);
  const type = (next: string) => {
    const digits = next.replace(/\D/g, "").slice(0, 6);
    setCode(digits);
    confirm.clear();
    if (digits.length === 6 && digits !== code) void confirm.act(digits);
  };
  const seconds = Math.ceil((Math.max(sent.resendAt, resendAtOf(again.refusal)) - now.value) / 1_000);
  return (
    <>
      <Field
        id="phone-code"
        label={ta("phoneCode")}
        field={field}
        type="text"
        dir="ltr"
        inputmode="numeric"
        autocomplete="one-time-code"
        value={code}
        hint={ta("phoneSent", { number: sent.number })}
        error={confirm.refusal ? errorTextOf(confirm.refusal) : again.refusal ? errorTextOf(again.refusal) : null}
        onChange={type}
        onKeyDown={onEnter(() => void (code.length === 6 && confirm.act(code)))}
        inside={
          <button
            type="button"
            class="button button-quiet form-inside-button"
            disabled={code.length < 6}
            aria-disabled={confirm.isBusy}
            onClick={() => void confirm.act(code)}
          >
            {ta("confirm")}
          </button>
        }
      />
      <p class="form-links">
        <button type="button" class="text-button" disabled={seconds > 0} onClick={() => void again.act()}>
          {seconds > 0 ? ta("resendIn", { seconds: numeral(seconds) }) : ta("resend")}
        </button>
        <button type="button" class="text-button" onClick={onBack}>
          {ta("otherNumber")}
        </button>
      </p>
    </>
  );
}

type StepProps = {
  purpose: PhonePurpose;
  isOptional?: boolean;
  /** The surrounding form's error for the phone number. */
  error?: string | null;
  proof: Proof | null;
  onProof: (proof: Proof | null) => void;
};

/** Asks for a phone number and the code sent to it, and passes on the proof. It is part of a form, not a form itself. */
export function PhoneStep({ purpose, isOptional = false, error = null, proof, onProof }: StepProps) {
  const [sent, setSent] = useState<Sent | null>(null);
  const [start, setStart] = useState("");
  const back = () => {
    setStart(sent?.number ?? "");
    setSent(null);
    onProof(null);
  };
  if (proof && !error)
    return (
      <div class="form-field" role="status">
        <p class="form-proven">
          <Icon icon={Check} size={16} />
          <span dir="auto">{ta("phoneConfirmed", { number: proof.number })}</span>
          <button type="button" class="text-button" onClick={back}>
            {ta("otherNumber")}
          </button>
        </p>
      </div>
    );
  if (!sent || proof)
    return (
      <NumberPart
        purpose={purpose}
        isOptional={isOptional}
        error={error}
        start={start}
        onSent={(next) => {
          onProof(null);
          setSent(next);
        }}
      />
    );
  return (
    <CodePart
      sent={sent}
      purpose={purpose}
      onSent={setSent}
      onProof={(phoneProof) => onProof({ phoneProof, number: sent.number })}
      onBack={back}
    />
  );
}
