import type { Failure } from "../../api.ts";
import { t } from "../../locales/index.ts";
import { currentUser } from "../session/session.ts";

/** Renders what grants access to a closed room: an account, or a confirmed phone number. Nothing if neither helps. */
export function NextStep({ code }: { code: Failure }) {
  const me = currentUser.value;
  const isMember = me !== null && me.kind !== "guest";
  if (code === "room_requires_phone" && isMember)
    return (
      <a class="button button-main" href="/settings/security">
        {t("confirmPhone")}
      </a>
    );
  if (!["room_requires_account", "room_requires_phone", "account_required"].includes(code) || isMember) return null;
  return (
    <div class="next-steps">
      <a class="button button-main" href="/signup">
        {me ? t("keepName") : t("createAccount")}
      </a>
      <a class="button button-quiet" href="/signin">
        {me ? t("haveAccount") : t("signIn")}
      </a>
    </div>
  );
}
