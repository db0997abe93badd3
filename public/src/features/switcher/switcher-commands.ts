import {
  ArrowDown,
  Bell,
  CheckCheck,
  Gavel,
  House,
  Keyboard,
  LayoutGrid,
  LogOut,
  MessageCircle,
  Palette,
  Search,
  Settings2,
  SquarePen,
} from "lucide";
import { speakOfAccounts, ta } from "../../locales/account/index.ts";
import { speakOfInbox, ti } from "../../locales/inbox/index.ts";
import { t } from "../../locales/index.ts";
import { openSidePanel, showing } from "../../shared/state/dialogs.ts";
import { go } from "../../shared/state/route.ts";
import { changeSettings, themes } from "../../shared/state/settings.ts";
import { hasUnsent } from "../composer/unsent.ts";
import { may } from "../session/me.ts";
import { currentUser, signOut } from "../session/session.ts";
import { openSections } from "../settings/access.ts";
import { sectionTitle, themeTitle } from "../settings/titles.ts";
import { goToNextUnread, nextUnread } from "../unread/next-unread.ts";
import { markAllRead, unreadRooms } from "../unread/unread-rooms.ts";
import type { Command } from "./switcher-targets.ts";

const show = (what: NonNullable<typeof showing.value>) => () => {
  showing.value = what;
};

const settingsCommands = (): Command[] =>
  openSections().map((section) => ({
    id: `settings-${section}`,
    icon: Settings2,
    label: `${t("settings")}: ${sectionTitle(section)}`,
    run: () => go(`/settings/${section}`),
  }));

const themeCommands = (): Command[] =>
  themes.map((theme) => ({
    id: `theme-${theme}`,
    icon: Palette,
    label: `${t("theme")}: ${themeTitle(theme)}`,
    run: () => changeSettings({ theme }),
  }));

/** Signs out; if that would delete texts, opens the dialog that warns about it instead. */
function leave(): void {
  if (hasUnsent()) showing.value = "me";
  else void signOut();
}

/** Returns the commands for signed-in users, with their search keywords. */
function personCommands(): Command[] {
  const isMember = currentUser.value?.kind !== "guest";
  return [
    { id: "home", icon: House, label: t("home"), run: () => go("/home") },
    { id: "messages", icon: MessageCircle, label: t("messages"), run: () => go("/m") },
    ...(isMember ? [{ id: "new-message", icon: SquarePen, label: ti("newMessage"), run: show("newMessage") }] : []),
    ...(nextUnread.value === null ? [] : [{ id: "next-unread", icon: ArrowDown, label: ti("nextUnread"), run: goToNextUnread }]),
    ...((unreadRooms.value ?? []).length === 0 ? [] : [{ id: "all-read", icon: CheckCheck, label: ti("markAllRead"), run: markAllRead }]),
    { id: "search", icon: Search, label: t("search"), run: () => openSidePanel("search") },
    { id: "notifications", icon: Bell, label: t("notifications"), run: () => openSidePanel("notifications") },
    ...(may("moderate") ? [{ id: "moderation", icon: Gavel, label: ta("moderation"), run: () => go("/moderation") }] : []),
    ...settingsCommands(),
  ];
}

/** Loads the texts by which commands are found. */
export const loadCommandTexts = (): Promise<unknown> => Promise.all([speakOfAccounts(), speakOfInbox()]);

/** Returns all commands that are available everywhere. */
export function allCommands(): Command[] {
  const isSignedIn = currentUser.value !== null;
  return [
    { id: "lounges", icon: LayoutGrid, label: t("lounges"), run: () => go("/lounges") },
    ...(isSignedIn ? personCommands() : []),
    ...themeCommands(),
    { id: "keys", icon: Keyboard, label: t("keys"), run: show("keys") },
    ...(isSignedIn ? [{ id: "sign-out", icon: LogOut, label: t("signOut"), run: leave }] : []),
  ];
}
