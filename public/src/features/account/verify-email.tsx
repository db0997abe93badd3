import { Link2Off, MailCheck, ServerOff } from "lucide";
import { useEffect, useState } from "preact/hooks";
import { type ApiError, toApiError } from "../../api.ts";
import { errorTextOf } from "../../locales/account/errors.ts";
import { ta } from "../../locales/account/index.ts";
import { t } from "../../locales/index.ts";
import { takeSecret } from "../../shared/state/route.ts";
import { Skeleton } from "../../shared/ui/skeleton.tsx";
import { loadMe } from "../session/me.ts";
import { currentUser } from "../session/session.ts";
import { verifyEmail } from "./account.ts";
import { Card, Outcome } from "./card.tsx";

const isFinal = ({ code }: ApiError): boolean => code === "token_invalid" || code === "invalid_input" || code === "email_taken";

function Failed({ refusal, onRetry }: { refusal: ApiError; onRetry: () => void }) {
  if (!isFinal(refusal))
    return (
      <Outcome icon={ServerOff} title={ta("verifyBusy")} text={errorTextOf(refusal)}>
        <button type="button" class="button button-main" onClick={onRetry}>
          {t("retry")}
        </button>
      </Outcome>
    );
  return (
    <Outcome icon={Link2Off} title={ta("linkBadTitle")} text={refusal.code === "email_taken" ? errorTextOf(refusal) : ta("linkBadText")}>
      <a class="button button-main" href={currentUser.value ? "/settings/security" : "/signin"}>
        {currentUser.value ? ta("verifyAgain") : t("signIn")}
      </a>
    </Outcome>
  );
}

/** Handles the link in the verification email: it verifies the address immediately, without further input. */
export function VerifyEmail() {
  const [token] = useState(takeSecret);
  const [state, setState] = useState<ApiError | "busy" | "done">("busy");
  const confirm = async (): Promise<void> => {
    setState("busy");
    const next = await verifyEmail(token).then(
      () => "done" as const,
      (error: unknown) => toApiError(error),
    );
    setState(next);
    if (next === "done" && currentUser.value) void loadMe();
  };
  useEffect(() => void confirm(), []);
  if (state === "busy")
    return (
      <Card title={ta("verifyBusy")}>
        <Skeleton lines={2} />
      </Card>
    );
  if (state !== "done") return <Failed refusal={state} onRetry={() => void confirm()} />;
  return (
    <Outcome icon={MailCheck} title={ta("verifyDoneTitle")} text={ta("verifyDoneText")}>
      <a class="button button-main" href={currentUser.value ? "/" : "/signin"}>
        {currentUser.value ? t("toLounges") : t("signIn")}
      </a>
    </Outcome>
  );
}
