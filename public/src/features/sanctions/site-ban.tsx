import { Ban } from "lucide";
import { useEffect } from "preact/hooks";
import type { RestrictionDto } from "../../../../utils/contract/schemas/auth.ts";
import { t } from "../../locales/index.ts";
import { tm } from "../../locales/moderation/index.ts";
import { explainRestriction } from "../../locales/moderation/restrictions.ts";
import { Notice } from "../../shared/ui/notice.tsx";
import { StandalonePage } from "../../shared/ui/standalone-page.tsx";
import { loadMe } from "../session/me.ts";
import { signOut } from "../session/session.ts";
import { useAtEnd } from "./own-restriction.ts";

/** A banned user has no connection: the page asks now and then whether the ban was undone. */
const CHECK_MS = 60_000;

/** Shown to banned users: the end of the ban, its reason, and the remaining options. */
export function SiteBan({ ban }: { ban: RestrictionDto }) {
  useAtEnd(ban.until, () => void loadMe());
  useEffect(() => {
    const timer = setInterval(() => void loadMe(), CHECK_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <StandalonePage>
      <Notice isPage icon={Ban} title={tm("sanctionBannedTitle")} text={explainRestriction("banned", ban)}>
        <a class="button button-main" href="/me/moderation">
          {tm("sanctionSee")}
        </a>
        <a class="button button-quiet" href="/settings/data">
          {t("toData")}
        </a>
        <button type="button" class="button button-quiet" onClick={() => void signOut()}>
          {t("signOut")}
        </button>
      </Notice>
    </StandalonePage>
  );
}
