import { Globe2, MonitorSmartphone, UserRoundCheck } from "lucide";
import { useEffect } from "preact/hooks";
import { ta } from "../../locales/account/index.ts";
import { t } from "../../locales/index.ts";
import { Form, Submit, Trouble } from "../../shared/ui/form.tsx";
import { Icon } from "../../shared/ui/icon.tsx";
import { currentUser } from "../session/session.ts";
import { loadSignUpRules, signUpRules } from "./account.ts";
import { AlreadyIn } from "./already-in.tsx";
import { Card } from "./card.tsx";
import { Contacts, Names, OldMessages } from "./sign-up-fields.tsx";
import { useSignUp } from "./use-sign-up.ts";

const Rules = () => (
  <div class="account-rules">
    <p>{ta("signUpRules")}</p>
    <ol>
      <li>{t("rule1")}</li>
      <li>{t("rule2")}</li>
      <li>{t("rule3")}</li>
    </ol>
  </div>
);

const Perks = () => (
  <ul class="perks">
    {(
      [
        [UserRoundCheck, "perkName"],
        [Globe2, "perkRooms"],
        [MonitorSmartphone, "perkDevices"],
      ] as const
    ).map(([icon, key]) => (
      <li key={key}>
        <Icon icon={icon} size={16} /> {ta(key)}
      </li>
    ))}
  </ul>
);

function SignUpForm({ guestName }: { guestName: string | null }) {
  const form = useSignUp(guestName);
  const { send, field, draft, proof } = form;
  const isWaiting = signUpRules.value?.phone === "required" && proof === null;
  return (
    <Form refusal={send.refusal} onSubmit={() => void send.act()}>
      <Names form={form} />
      {guestName !== null && <OldMessages form={form} />}
      <Contacts form={form} />
      <Rules />
      <Trouble refusal={field === null ? send.refusal : null} />
      <Submit isLarge isBusy={send.isBusy} isDisabled={draft.username.trim() === "" || draft.password === "" || isWaiting}>
        {ta(guestName === null ? "signUpButton" : "upgradeButton")}
      </Submit>
    </Form>
  );
}

/** Renders the sign-up page for new users, and for guests who upgrade to an account. */
export function SignUp() {
  useEffect(() => void loadSignUpRules(), []);
  const me = currentUser.value;
  if (me && me.kind !== "guest") return <AlreadyIn />;
  return (
    <Card title={ta(me ? "upgradeTitle" : "signUpTitle")} text={ta(me ? "upgradeText" : "signUpText")}>
      <Perks />
      <SignUpForm key={me?.id} guestName={me?.displayName ?? null} />
      <p class="account-else">
        <a class="text-button" href="/signin">
          {ta("haveAccount")}
        </a>
      </p>
    </Card>
  );
}
