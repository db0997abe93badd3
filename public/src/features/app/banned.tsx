import { Ban } from "lucide";
import type { RestrictionDto } from "../../../../utils/contract/schemas/auth.ts";
import { t } from "../../locales/index.ts";
import { explainRestriction } from "../../locales/restrictions.ts";
import { Notice } from "../../shared/ui/notice.tsx";
import { signOut } from "../session/session.ts";

/** Shown to banned users: the end of the ban, its reason, and the remaining options. */
export const Banned = ({ ban }: { ban: RestrictionDto }) => (
  <Notice isPage icon={Ban} title={t("bannedTitle")} text={explainRestriction("banned", ban)}>
    <a class="button button-main" href="/settings/data">
      {t("toData")}
    </a>
    <button type="button" class="button button-quiet" onClick={() => void signOut()}>
      {t("signOut")}
    </button>
  </Notice>
);
