import { ServerOff } from "lucide";
import { explain, t } from "../../locales/index.ts";
import { Notice } from "../../shared/ui/notice.tsx";
import { loadLounges, loungesFailure } from "./lounges.ts";

/** Shows why the lounges could not be loaded, with a retry button. */
export const LoungesFailed = ({ isPage = false }: { isPage?: boolean }) => (
  <Notice isPage={isPage} icon={ServerOff} title={t("failedLounges")} text={explain(loungesFailure.value ?? "network")}>
    <button type="button" class="button button-main" onClick={() => void loadLounges()}>
      {t("retry")}
    </button>
  </Notice>
);
