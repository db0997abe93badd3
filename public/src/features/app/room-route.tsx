import { signal } from "@preact/signals";
import { ServerOff } from "lucide";
import type { ComponentType } from "preact";
import { useEffect } from "preact/hooks";
import { explain, t } from "../../locales/index.ts";
import { Notice } from "../../shared/ui/notice.tsx";
import { StandaloneLoading, StandalonePage } from "../../shared/ui/standalone-page.tsx";
import { Join } from "../lobby/join.tsx";
import { addressOfRoom, isOwnView, lounges, loungesFailure, type RoomAddress } from "../lobby/lounges.ts";
import { LoungesFailed } from "../lobby/lounges-failed.tsx";
import { AccessDenied } from "../room/access-denied.tsx";
import { sessionPhase } from "../session/session.ts";

const roomView = signal<ComponentType<{ place: RoomAddress }> | null>(null);
const roomFailed = signal(false);

/** Loads the chat code when the user opens a room. */
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

function Inside({ place }: { place: RoomAddress }) {
  useEffect(() => void loadRoomView(), []);
  const View = roomView.value;
  if (View) return <View place={place} />;
  if (!roomFailed.value) return <StandaloneLoading />;
  return (
    <StandalonePage>
      <Notice isPage icon={ServerOff} title={t("pageError")} text={explain("network")}>
        <Retry onRetry={() => void loadRoomView()} />
      </Notice>
    </StandalonePage>
  );
}

/** Renders the page at a room's address: the join page, the room, or why it can't be shown. */
export function RoomRoute({ lounge, language }: { lounge: string; language: string }) {
  const place = addressOfRoom(lounge, language);
  if (!place && lounges.value === null) {
    if (!loungesFailure.value) return <StandaloneLoading />;
    return (
      <StandalonePage>
        <LoungesFailed isPage />
      </StandalonePage>
    );
  }
  if (!place)
    return (
      <StandalonePage>
        <AccessDenied isPage code="not_found" />
      </StandalonePage>
    );
  if (sessionPhase.value === "unknown") return <StandaloneLoading />;
  if (place.lounge.closedReason && !isOwnView.value && !loungesFailure.value) return <StandaloneLoading />;
  if (place.lounge.closedReason)
    return (
      <StandalonePage>
        <AccessDenied isPage code={place.lounge.closedReason} />
      </StandalonePage>
    );
  return sessionPhase.value === "active" ? <Inside place={place} /> : <Join place={place} />;
}
