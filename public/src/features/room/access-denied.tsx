import { Lock, Unplug } from "lucide";
import type { Failure } from "../../api.ts";
import { explain, t } from "../../locales/index.ts";
import { Notice } from "../../shared/ui/notice.tsx";
import { RoomRestriction } from "../sanctions/restriction-notice.ts";
import { NextStep } from "./access-cta.tsx";
import type { OpenRoom } from "./open-room.ts";

type AccessDeniedProps = { code: Failure; isPage?: boolean; room?: OpenRoom };

/** Shows why a room can't be entered, and where to go instead. */
export function AccessDenied({ code, isPage = false, room }: AccessDeniedProps) {
  if (code === "banned") return <RoomRestriction of="room" room={room} isPage={isPage} />;
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
