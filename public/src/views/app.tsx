import { signal } from "@preact/signals";
import { Compass, ServerOff } from "lucide";
import type { ComponentType } from "preact";
import { useEffect } from "preact/hooks";
import { explain, t } from "../locales/index.ts";
import { lazy } from "../parts/lazy.tsx";
import { lazyPart } from "../parts/lazy-part.tsx";
import { Notice } from "../parts/notice.tsx";
import { Skeleton } from "../parts/skeleton.tsx";
import { isOwnView, languageName, loadLounges, lounges, loungesFailure, type Place, placeOf } from "../state/lounges.ts";
import { ban } from "../state/me.ts";
import { arrivals, type Route, route } from "../state/route.ts";
import { sessionPhase } from "../state/session.ts";
import { isMiddle } from "../state/settings.ts";
import { showing, shownPerson } from "../state/showing.ts";
import { stepUpAsked } from "../state/step-up.ts";
import { Banned } from "./banned.tsx";
import { BottomBar } from "./bottom-bar.tsx";
import { Join } from "./join.tsx";
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

const AccountView = lazy(() => import("./account/index.tsx").then((file) => file.AccountView));
const SettingsView = lazy(() => import("./settings/index.tsx").then((file) => file.SettingsView));
const KeyMap = lazyPart(() => import("./key-map.tsx").then((file) => file.KeyMap), { isDialog: true });
const StepUp = lazy(() => import("./step-up.tsx").then((file) => file.StepUp), { isDialog: true });
const ProfileCard = lazy(() => import("./profile-card.tsx").then((file) => file.ProfileCard), { isDialog: true });

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
  if (ban.value)
    return (
      <Alone>
        <Banned ban={ban.value} />
      </Alone>
    );
  if (place.lounge.closedReason && !isOwnView.value && !loungesFailure.value)
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
  if (here.name === "account")
    return (
      <Alone>
        <div class="account">
          <AccountView key={`${here.page} ${arrivals.value}`} page={here.page} />
        </div>
      </Alone>
    );
  if (here.name === "settings")
    return (
      <Alone>
        <SettingsView section={here.section} />
      </Alone>
    );
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

const pageNames = { signup: "createAccount", signin: "signIn", "reset-password": "newPassword", "verify-email": "confirmEmail" } as const;

function nameOf(here: Route): string[] {
  const place = here.name === "room" ? placeOf(here.lounge, here.language) : null;
  if (place) return [languageName(place.room), place.lounge.name];
  if (here.name === "account") return [t(pageNames[here.page])];
  return here.name === "settings" ? [t("settings")] : [];
}

function useTitle(): void {
  const title = [...nameOf(route.value), t("product")].join(" · ");
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
      {shownPerson.value && <ProfileCard who={shownPerson.value} />}
      {stepUpAsked.value && <StepUp />}
    </>
  );
}
