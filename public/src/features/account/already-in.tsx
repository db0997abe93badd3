import { UserRoundCheck } from "lucide";
import { ta } from "../../locales/account/index.ts";
import { t } from "../../locales/index.ts";
import { backPath } from "../../shared/state/route.ts";
import { currentUser } from "../session/session.ts";
import { Outcome } from "./card.tsx";

/** Somebody with an account has no need of signing in or up. */
export const AlreadyIn = () => (
  <Outcome icon={UserRoundCheck} title={ta("alreadyIn", { name: currentUser.value?.displayName ?? "" })}>
    <a class="button button-main" href={backPath.value}>
      {ta("goOn")}
    </a>
    <a class="button button-quiet" href="/settings">
      {t("settings")}
    </a>
  </Outcome>
);
