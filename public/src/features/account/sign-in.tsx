import { Fingerprint } from "lucide";
import { useEffect, useRef, useState } from "preact/hooks";
import type { SignInInput } from "../../../../utils/contract/schemas/accounts.ts";
import { toApiError } from "../../api.ts";
import { ta } from "../../locales/account/index.ts";
import { t } from "../../locales/index.ts";
import { backPath, go } from "../../shared/state/route.ts";
import { isTouch } from "../../shared/state/settings.ts";
import { Field, Form, Submit, Trouble } from "../../shared/ui/form.tsx";
import { Icon } from "../../shared/ui/icon.tsx";
import { useAction } from "../../shared/ui/use-action.ts";
import { knowsPasskeys } from "../session/passkeys.ts";
import { currentUser } from "../session/session.ts";
import { type StepUpMethods, stepUpMethodsOf } from "../session/step-up.ts";
import { mergeGuest, signIn, signInWithPasskey } from "./account.ts";
import { AlreadyIn } from "./already-in.tsx";
import { Card } from "./card.tsx";
import { PasswordField } from "./password-field.tsx";
import { SecondFactor } from "./second-factor.tsx";

type Send = (input: SignInInput) => Promise<void>;
type Typed = { identifier: string; password: string };

/** Signs in. A correct password that needs a second factor is not an error but leads to the next step. */
function useSignIn(send: Send) {
  const [typed, setTyped] = useState<Typed>({ identifier: "", password: "" });
  const [ways, setWays] = useState<StepUpMethods | null>(null);
  const enter = async (second: Partial<SignInInput>): Promise<void> => {
    const { identifier, password } = typed;
    await send({ identifier: identifier.trim(), password, ...second });
    go(backPath.value);
  };
  const first = useAction(async () => {
    try {
      await enter({});
    } catch (error) {
      const refusal = toApiError(error);
      if (refusal.code !== "totp_required") throw refusal;
      setWays(stepUpMethodsOf(refusal));
    }
  });
  const set = (change: Partial<Typed>) => {
    setTyped({ ...typed, ...change });
    first.clear();
  };
  return { typed, set, ways, back: () => setWays(null), first, enter };
}

type SignInState = ReturnType<typeof useSignIn>;

function FirstStep({ form, button }: { form: SignInState; button: string }) {
  const { typed, set, first } = form;
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (!isTouch.value) field.current?.focus();
  }, []);
  return (
    <Form refusal={first.refusal} onSubmit={() => void first.act()}>
      <Field
        id="identifier"
        field={field}
        label={ta("identifier")}
        value={typed.identifier}
        dir="ltr"
        autocomplete="username"
        autocapitalize="none"
        spellcheck={false}
        maxLength={254}
        required
        onChange={(identifier) => set({ identifier })}
      />
      <PasswordField
        id="password"
        label={ta("password")}
        value={typed.password}
        autocomplete="current-password"
        required
        onChange={(password) => set({ password })}
      />
      <Trouble refusal={first.refusal} />
      <Submit isLarge isBusy={first.isBusy} isDisabled={typed.identifier.trim() === "" || typed.password === ""}>
        {button}
      </Submit>
      <p class="form-links">
        <a class="text-button" href="/reset-password">
          {ta("forgot")}
        </a>
      </p>
    </Form>
  );
}

function WithPasskey() {
  const enter = useAction(async () => {
    await signInWithPasskey();
    go(backPath.value);
  });
  if (!knowsPasskeys) return null;
  return (
    <div class="account-passkey">
      <p class="account-or">
        <span>{ta("or")}</span>
      </p>
      <button type="button" class="button button-quiet button-large" aria-disabled={enter.isBusy} onClick={() => void enter.act()}>
        <Icon icon={Fingerprint} size={20} /> {ta("withPasskey")}
      </button>
      <Trouble refusal={enter.refusal} />
    </div>
  );
}

/** Renders the sign-in page; a guest's messages are merged into the account. */
export function SignIn() {
  const me = currentUser.value;
  const form = useSignIn(me ? mergeGuest : signIn);
  if (me && me.kind !== "guest") return <AlreadyIn />;
  const button = ta("signInTitle");
  if (form.ways)
    return (
      <Card title={ta("secondTitle")}>
        <SecondFactor ways={form.ways} button={button} send={form.enter} onBack={form.back} />
      </Card>
    );
  return (
    <Card title={ta(me ? "mergeTitle" : "signInTitle")} {...(me && { text: ta("mergeText", { name: me.displayName }) })}>
      <FirstStep form={form} button={button} />
      {!me && <WithPasskey />}
      <p class="account-else">
        {!me && <span>{ta("newHere")}</span>}
        <a class="text-button" href="/signup">
          {me ? t("keepName") : t("createAccount")}
        </a>
      </p>
    </Card>
  );
}
