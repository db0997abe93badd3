import { Lock, Unplug } from "lucide";
import type { Failure } from "../../api.ts";
import { explain, t } from "../../locales/index.ts";
import { Notice } from "../../shared/ui/notice.tsx";
import { NextStep } from "./access-cta.tsx";

/** Shows why a room can't be entered, and where to go instead. */
export function AccessDenied({ code, isPage = false }: { code: Failure; isPage?: boolean }) {
  const isAbsent = code === "not_found";
  return (
    <Notice isPage={isPage} icon={isAbsent ? Unplug : Lock} title={isAbsent ? t("roomNotFound") : t("deniedTitle")} text={explain(code)}>
      <NextStep code={code} />
      <a class="button button-quiet" href="/lounges">
        {t("toLounges")}
      </a>
    </Notice>
  );
}
