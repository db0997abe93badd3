import { Compass } from "lucide";
import { useEffect } from "preact/hooks";
import { t } from "../../locales/index.ts";
import { appliedAction, frames, reporting, showing, shownPerson, sidePanel } from "../../shared/state/dialogs.ts";
import { partTitle } from "../../shared/state/page-title.ts";
import { navigationCount, type Route, route } from "../../shared/state/route.ts";
import { isMiddle, isWide } from "../../shared/state/settings.ts";
import { undoable } from "../../shared/state/undo.ts";
import { badgeText } from "../../shared/ui/badge.tsx";
import { lazy } from "../../shared/ui/lazy.tsx";
import { lazyPart } from "../../shared/ui/lazy-part.tsx";
import { Notice } from "../../shared/ui/notice.tsx";
import { StandalonePage } from "../../shared/ui/standalone-page.tsx";
import { attention, conversationOf, partnerIn } from "../inbox/inbox.ts";
import { Lobby } from "../lobby/lobby.tsx";
import { addressOfRoom, roomLabel } from "../lobby/lounges.ts";
import { toasts } from "../notifications/notifications.ts";
import { ban } from "../session/me.ts";
import { successions } from "../session/session.ts";
import { stepUpAsked } from "../session/step-up.ts";
import { Switcher } from "../switcher/switcher.tsx";
import { BottomBar } from "./bottom-bar.tsx";
import { HomeRoute } from "./home-route.tsx";
import { MePanel, MeView } from "./me.tsx";
import { MessagesRoute } from "./messages-route.tsx";
import { RoomRoute } from "./room-route.tsx";
import { SidePanel } from "./side-panel.tsx";

const AccountView = lazy(() => import("../account/index.tsx").then((file) => file.AccountView));
const SettingsView = lazy(() => import("../settings/index.tsx").then((file) => file.SettingsView), { words: ["account", "inbox"] });
const KeyMap = lazyPart(() => import("../../shared/keyboard/key-map.tsx").then((file) => file.KeyMap), { isDialog: true });
const StepUp = lazy(() => import("../session/step-up-dialog.tsx").then((file) => file.StepUp), { isDialog: true });
const ProfileCard = lazy(() => import("../people/profile-card.tsx").then((file) => file.ProfileCard), {
  isDialog: true,
  words: ["inbox", "account"],
});

const words = ["inbox", "account"] as const;
const RoomsView = lazy(() => import("../lobby/rooms.tsx").then((file) => file.RoomsView), { words });
const NewMessage = lazy(() => import("../inbox/new-message.tsx").then((file) => file.NewMessage), { isDialog: true, words });
const Toasts = lazy(() => import("../notifications/toasts.tsx").then((file) => file.Toasts), {
  isDialog: true,
  words: ["inbox", "notify"],
});
const ReportDialog = lazy(() => import("../report/report-dialog.tsx").then((file) => file.ReportDialog), {
  isDialog: true,
  words: [...words, "moderation"],
});
const AppliedNotice = lazy(() => import("../sanctions/applied-notice.tsx").then((file) => file.AppliedNotice), {
  isDialog: true,
  words: ["moderation"],
});
const OwnRecord = lazy(() => import("../sanctions/index.tsx").then((file) => file.OwnRecord), { words: [...words, "moderation"] });
const ConsoleView = lazy(() => import("../moderation/index.tsx").then((file) => file.ConsoleView), { words: [...words, "console"] });
const UndoBar = lazy(() => import("./undo-bar.tsx").then((file) => file.UndoBar), { isDialog: true, words });

/** Banned users may still see why, appeal, export their data, and use the settings of this browser. */
const bannedRoutes: readonly Route["name"][] = ["record", "settings", "account"];

function View() {
  const here = route.value;
  if (ban.value && !bannedRoutes.includes(here.name)) return <OwnRecord page={null} />;
  if (here.name === "record") return <OwnRecord page={here.page} />;
  if (here.name === "lobby" || here.name === "home") return <HomeRoute />;
  if (here.name === "lounges") return <Lobby />;
  if (here.name === "rooms") return <RoomsView />;
  if (here.name === "me") return <MeView />;
  if (here.name === "room") return <RoomRoute lounge={here.lounge} language={here.language} />;
  if (here.name === "messages") return <MessagesRoute roomId={here.roomId} />;
  if (here.name === "account")
    return (
      <StandalonePage>
        <div class="account">
          <AccountView key={`${here.page} ${navigationCount.value}`} page={here.page} />
        </div>
      </StandalonePage>
    );
  if (here.name === "moderation") return <ConsoleView section={here.section} id={here.id} />;
  if (here.name === "settings") return <SettingsView section={here.section} />;
  return (
    <StandalonePage>
      <Notice isPage icon={Compass} title={t("notFoundTitle")} text={t("notFoundText")}>
        <a class="button button-main" href="/lounges">
          {t("toLounges")}
        </a>
      </Notice>
    </StandalonePage>
  );
}

const pageNames = { signup: "createAccount", signin: "signIn", "reset-password": "newPassword", "verify-email": "confirmEmail" } as const;

/** Returns the group's name or the other member's; none for an unnamed group, since its member names would be too long for a title. */
function conversationName(roomId: string | null): string[] {
  const conversation = roomId === null ? undefined : conversationOf(roomId);
  const name = conversation && (partnerIn(conversation)?.displayName ?? conversation.name);
  return name ? [name] : [];
}

function nameOf(here: Route): string[] {
  const place = here.name === "room" ? addressOfRoom(here.lounge, here.language) : null;
  if (place) return [roomLabel(place)];
  if (here.name === "account") return [t(pageNames[here.page])];
  if (here.name === "rooms" || here.name === "me" || here.name === "home" || here.name === "lounges") return [t(here.name)];
  if (here.name === "messages") return [...conversationName(here.roomId), t("messages")];
  if (here.name === "moderation" || here.name === "record") return partTitle.value === null ? [] : [partTitle.value];
  return here.name === "settings" ? [...(partTitle.value === null ? [] : [partTitle.value]), t("settings")] : [];
}

function useTitle(): void {
  const count = attention.value > 0 ? `(${badgeText(attention.value)}) ` : "";
  const title = count + [...nameOf(route.value), t("product")].join(" · ");
  useEffect(() => {
    document.title = title;
  }, [title]);
}

/** Renders the whole page: one view by its address, and at most one dialog on top. */
export function App() {
  useTitle();
  return (
    <>
      <a class="skip" href="#content">
        {t("skip")}
      </a>
      <View key={successions.value} />
      {!isMiddle.value && ban.value === null && <BottomBar />}
      {showing.value === "me" && <MePanel />}
      {showing.value === "switcher" && <Switcher />}
      {showing.value === "keys" && <KeyMap />}
      {showing.value === "newMessage" && <NewMessage />}
      {sidePanel.value !== null && (!isWide.value || frames.value === 0) && <SidePanel />}
      {toasts.value.length > 0 && <Toasts />}
      {undoable.value && <UndoBar />}
      {shownPerson.value && <ProfileCard who={shownPerson.value} />}
      {reporting.value && <ReportDialog subject={reporting.value} />}
      {appliedAction.value && <AppliedNotice action={appliedAction.value} />}
      {stepUpAsked.value && <StepUp />}
    </>
  );
}
