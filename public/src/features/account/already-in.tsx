import { UserRoundCheck } from "lucide";
import { ta } from "../../locales/account/index.ts";
import { t } from "../../locales/index.ts";
import { backPath } from "../../shared/state/route.ts";
import { currentUser } from "../session/session.ts";
import { Outcome } from "./card.tsx";

/** Replaces the sign-in and sign-up forms for signed-in users. */
export const AlreadyIn = () => (
  <Outcome icon={UserRoundCheck} title={ta("alreadyIn", { name: currentUser.value?.displayName ?? "" })}>
    <a class="button button-main" href={backPath.value}>
      {ta("continue")}
    </a>
    <a class="button button-quiet" href="/settings">
      {t("settings")}
    </a>
  </Outcome>
);
