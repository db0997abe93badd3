import { signal } from "@preact/signals";
import { ServerOff } from "lucide";
import type { ComponentType } from "preact";
import { useEffect } from "preact/hooks";
import { explain, t } from "../../locales/index.ts";
import { Notice } from "../../shared/ui/notice.tsx";
import { Alone, AloneWaiting } from "../../shared/ui/standalone-page.tsx";
import { Join } from "../lobby/join.tsx";
import { isOwnView, lounges, loungesFailure, type Place, placeOf } from "../lobby/lounges.ts";
import { LoungesFailed } from "../lobby/lounges-failed.tsx";
import { Refused } from "../room/access-denied.tsx";
import { ban } from "../session/me.ts";
import { sessionPhase } from "../session/session.ts";
import { Banned } from "./banned.tsx";

const roomView = signal<ComponentType<{ place: Place }> | null>(null);
const roomFailed = signal(false);

/** The chat's own code comes only when somebody goes into a room. */
export async function loadRoomView(): Promise<void> {
  if (roomView.value) return;
  roomFailed.value = false;
  const words = import("../../locales/inbox/index.ts").then((file) => file.speakOfInbox());
  const [file] = await Promise.all([import("../room/room.tsx"), words]).catch(() => [null]);
  if (file) roomView.value = file.RoomView;
  else roomFailed.value = true;
}

const Retry = ({ onRetry }: { onRetry: () => void }) => (
  <button type="button" class="button button-main" onClick={onRetry}>
    {t("retry")}
  </button>
);

function Inside({ place }: { place: Place }) {
  useEffect(() => void loadRoomView(), []);
  const View = roomView.value;
  if (View) return <View place={place} />;
  if (!roomFailed.value) return <AloneWaiting />;
  return (
    <Alone>
      <Notice isPage icon={ServerOff} title={t("broken")} text={explain("network")}>
        <Retry onRetry={() => void loadRoomView()} />
      </Notice>
    </Alone>
  );
}

/** What stands at the address of a room: its door, its inside, or why there is neither. */
export function RoomRoute({ lounge, language }: { lounge: string; language: string }) {
  const place = placeOf(lounge, language);
  if (!place && lounges.value === null) {
    if (!loungesFailure.value) return <AloneWaiting />;
    return (
      <Alone>
        <LoungesFailed isPage />
      </Alone>
    );
  }
  if (!place)
    return (
      <Alone>
        <Refused isPage code="not_found" />
      </Alone>
    );
  if (sessionPhase.value === "unknown") return <AloneWaiting />;
  if (ban.value)
    return (
      <Alone>
        <Banned ban={ban.value} />
      </Alone>
    );
  if (place.lounge.closedReason && !isOwnView.value && !loungesFailure.value) return <AloneWaiting />;
  if (place.lounge.closedReason)
    return (
      <Alone>
        <Refused isPage code={place.lounge.closedReason} />
      </Alone>
    );
  return sessionPhase.value === "active" ? <Inside place={place} /> : <Join place={place} />;
}
