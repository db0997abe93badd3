import { signal } from "@preact/signals";
import { Compass, ServerOff } from "lucide";
import type { ComponentType } from "preact";
import { useEffect } from "preact/hooks";
import { explain, t } from "../locales/index.ts";
import { Notice } from "../parts/notice.tsx";
import { Skeleton } from "../parts/skeleton.tsx";
import { languageName, loadLounges, lounges, loungesFailure, type Place, placeOf } from "../state/lounges.ts";
import { route } from "../state/route.ts";
import { sessionPhase } from "../state/session.ts";
import { isMiddle } from "../state/settings.ts";
import { showing } from "../state/showing.ts";
import { BottomBar } from "./bottom-bar.tsx";
import { Join } from "./join.tsx";
import { KeyMap } from "./key-map.tsx";
import { Lobby } from "./lobby.tsx";
import { MePanel } from "./me.tsx";
import { Refused } from "./refused.tsx";
import { Switcher } from "./switcher.tsx";
import { TopBar } from "./top-bar.tsx";

const roomView = signal<ComponentType<{ place: Place }> | null>(null);
const roomFailed = signal(false);

/** The chat's own code comes only when somebody goes into a room. */
export async function loadRoomView(): Promise<void> {
  if (roomView.value) return;
  roomFailed.value = false;
  const file = await import("./room.tsx").catch(() => null);
  if (file) roomView.value = file.RoomView;
  else roomFailed.value = true;
}

const Alone = ({ children }: { children: preact.ComponentChildren }) => (
  <div class="page">
    <TopBar />
    <main id="content" class="page-body">
      {children}
    </main>
  </div>
);

const Retry = ({ onRetry }: { onRetry: () => void }) => (
  <button type="button" class="button button-main" onClick={onRetry}>
    {t("retry")}
  </button>
);

function Inside({ place }: { place: Place }) {
  useEffect(() => void loadRoomView(), []);
  const View = roomView.value;
  if (View) return <View place={place} />;
  if (!roomFailed.value)
    return (
      <Alone>
        <Skeleton lines={8} />
      </Alone>
    );
  return (
    <Alone>
      <Notice isPage icon={ServerOff} title={t("broken")} text={explain("network")}>
        <Retry onRetry={() => void loadRoomView()} />
      </Notice>
    </Alone>
  );
}

function RoomRoute({ lounge, language }: { lounge: string; language: string }) {
  const place = placeOf(lounge, language);
  if (!place && lounges.value === null) {
    if (!loungesFailure.value)
      return (
        <Alone>
          <Skeleton lines={8} />
        </Alone>
      );
    return (
      <Alone>
        <Notice isPage icon={ServerOff} title={t("failedLounges")} text={explain(loungesFailure.value)}>
          <Retry onRetry={() => void loadLounges()} />
        </Notice>
      </Alone>
    );
  }
  if (!place)
    return (
      <Alone>
        <Refused isPage code="not_found" />
      </Alone>
    );
  if (sessionPhase.value === "unknown")
    return (
      <Alone>
        <Skeleton lines={8} />
      </Alone>
    );
  if (place.lounge.closedReason)
    return (
      <Alone>
        <Refused isPage code={place.lounge.closedReason} />
      </Alone>
    );
  return sessionPhase.value === "active" ? <Inside place={place} /> : <Join place={place} />;
}

function View() {
  const here = route.value;
  if (here.name === "lobby") return <Lobby />;
  if (here.name === "room") return <RoomRoute lounge={here.lounge} language={here.language} />;
  return (
    <Alone>
      <Notice isPage icon={Compass} title={t("lostTitle")} text={t("lostText")}>
        <a class="button button-main" href="/">
          {t("toLounges")}
        </a>
      </Notice>
    </Alone>
  );
}

function useTitle(): void {
  const here = route.value;
  const place = here.name === "room" ? placeOf(here.lounge, here.language) : null;
  const title = place ? `${languageName(place.room)} · ${place.lounge.name} · ${t("product")}` : t("product");
  useEffect(() => {
    document.title = title;
  }, [title]);
}

/** The whole page: one view by its address, and at most one dialog in front of it. */
export function App() {
  useTitle();
  return (
    <>
      <a class="skip" href="#content">
        {t("skip")}
      </a>
      <View />
      {!isMiddle.value && <BottomBar />}
      {showing.value === "me" && <MePanel />}
      {showing.value === "switcher" && <Switcher />}
      {showing.value === "keys" && <KeyMap />}
    </>
  );
}
