import { Compass } from "lucide";
import { useEffect } from "preact/hooks";
import { t } from "../locales/index.ts";
import { badgeText } from "../parts/badge.tsx";
import { lazy } from "../parts/lazy.tsx";
import { lazyPart } from "../parts/lazy-part.tsx";
import { Notice } from "../parts/notice.tsx";
import { attention, conversationOf, partnerIn } from "../state/inbox.ts";
import { placeName, placeOf } from "../state/lounges.ts";
import { toasts } from "../state/notifications.ts";
import { partTitle } from "../state/page-title.ts";
import { arrivals, type Route, route } from "../state/route.ts";
import { successions } from "../state/session.ts";
import { isMiddle, isWide } from "../state/settings.ts";
import { beside, frames, showing, shownPerson } from "../state/showing.ts";
import { stepUpAsked } from "../state/step-up.ts";
import { undoable } from "../state/undo.ts";
import { Alone } from "./alone.tsx";
import { Beside } from "./beside.tsx";
import { BottomBar } from "./bottom-bar.tsx";
import { HomeRoute } from "./home-route.tsx";
import { Lobby } from "./lobby.tsx";
import { MePanel, MeView } from "./me.tsx";
import { MessagesRoute } from "./messages-route.tsx";
import { RoomRoute } from "./room-route.tsx";
import { Switcher } from "./switcher.tsx";

const AccountView = lazy(() => import("./account/index.tsx").then((file) => file.AccountView));
const SettingsView = lazy(() => import("./settings/index.tsx").then((file) => file.SettingsView), { words: ["account", "inbox"] });
const KeyMap = lazyPart(() => import("./key-map.tsx").then((file) => file.KeyMap), { isDialog: true });
const StepUp = lazy(() => import("./step-up.tsx").then((file) => file.StepUp), { isDialog: true });
const ProfileCard = lazy(() => import("./profile-card.tsx").then((file) => file.ProfileCard), {
  isDialog: true,
  words: ["inbox", "account"],
});

const words = ["inbox", "account"] as const;
const RoomsView = lazy(() => import("./rooms.tsx").then((file) => file.RoomsView), { words });
const NewMessage = lazy(() => import("./inbox/new-message.tsx").then((file) => file.NewMessage), { isDialog: true, words });
const Toasts = lazy(() => import("./inbox/toasts.tsx").then((file) => file.Toasts), { isDialog: true, words: ["inbox", "notify"] });
const UndoBar = lazy(() => import("./undo-bar.tsx").then((file) => file.UndoBar), { isDialog: true, words });

function View() {
  const here = route.value;
  if (here.name === "lobby" || here.name === "home") return <HomeRoute />;
  if (here.name === "lounges") return <Lobby />;
  if (here.name === "rooms") return <RoomsView />;
  if (here.name === "me") return <MeView />;
  if (here.name === "room") return <RoomRoute lounge={here.lounge} language={here.language} />;
  if (here.name === "messages") return <MessagesRoute roomId={here.roomId} />;
  if (here.name === "account")
    return (
      <Alone>
        <div class="account">
          <AccountView key={`${here.page} ${arrivals.value}`} page={here.page} />
        </div>
      </Alone>
    );
  if (here.name === "settings") return <SettingsView section={here.section} />;
  return (
    <Alone>
      <Notice isPage icon={Compass} title={t("lostTitle")} text={t("lostText")}>
        <a class="button button-main" href="/lounges">
          {t("toLounges")}
        </a>
      </Notice>
    </Alone>
  );
}

const pageNames = { signup: "createAccount", signin: "signIn", "reset-password": "newPassword", "verify-email": "confirmEmail" } as const;

/** A group's name or the other's; those of a nameless group would be too many for a title. */
function conversationName(roomId: string | null): string[] {
  const conversation = roomId === null ? undefined : conversationOf(roomId);
  const name = conversation && (partnerIn(conversation)?.displayName ?? conversation.name);
  return name ? [name] : [];
}

function nameOf(here: Route): string[] {
  const place = here.name === "room" ? placeOf(here.lounge, here.language) : null;
  if (place) return [placeName(place)];
  if (here.name === "account") return [t(pageNames[here.page])];
  if (here.name === "rooms" || here.name === "me" || here.name === "home" || here.name === "lounges") return [t(here.name)];
  if (here.name === "messages") return [...conversationName(here.roomId), t("messages")];
  return here.name === "settings" ? [...(partTitle.value === null ? [] : [partTitle.value]), t("settings")] : [];
}

function useTitle(): void {
  const count = attention.value > 0 ? `(${badgeText(attention.value)}) ` : "";
  const title = count + [...nameOf(route.value), t("product")].join(" · ");
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
      <View key={successions.value} />
      {!isMiddle.value && <BottomBar />}
      {showing.value === "me" && <MePanel />}
      {showing.value === "switcher" && <Switcher />}
      {showing.value === "keys" && <KeyMap />}
      {showing.value === "newMessage" && <NewMessage />}
      {beside.value !== null && (!isWide.value || frames.value === 0) && <Beside />}
      {toasts.value.length > 0 && <Toasts />}
      {undoable.value && <UndoBar />}
      {shownPerson.value && <ProfileCard who={shownPerson.value} />}
      {stepUpAsked.value && <StepUp />}
    </>
  );
}
