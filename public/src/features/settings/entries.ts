import {
  BadgeCheck,
  Bell,
  Bot,
  Eye,
  FileArchive,
  type IconNode,
  Keyboard as KeyboardSign,
  Languages,
  MonitorSmartphone,
  Palette,
  ShieldCheck,
  UserRound,
} from "lucide";
import type { ComponentType } from "preact";
import type { AccountKey } from "../../locales/account/en.ts";
import type { SettingsSection } from "../../shared/state/route.ts";
import { lazy } from "../../shared/ui/lazy.tsx";
import { Appearance } from "./appearance.tsx";
import { Keyboard } from "./keyboard.tsx";
import { Language } from "./language.tsx";
import { Data } from "./privacy/data.tsx";
import { Privacy } from "./privacy/privacy.tsx";
import { Profile } from "./profile.tsx";
import { Devices } from "./security/devices.tsx";
import { Security } from "./security/security.tsx";
import { Bots } from "./staff/bots.tsx";

const Trust = lazy(() => import("./trust.tsx").then((file) => file.Trust), { words: ["moderation"] });

const NotificationSettings = lazy(() => import("./notifications.tsx").then((file) => file.NotificationSettings), {
  words: ["notify", "inbox"],
});

export type Entry = {
  icon: IconNode;
  text: AccountKey;
  view: ComponentType;
};

export const entries: Record<SettingsSection, Entry> = {
  profile: { icon: UserRound, text: "profileText", view: Profile },
  security: { icon: ShieldCheck, text: "securityText", view: Security },
  devices: { icon: MonitorSmartphone, text: "devicesText", view: Devices },
  privacy: { icon: Eye, text: "privacyText", view: Privacy },
  notifications: { icon: Bell, text: "notificationsText", view: NotificationSettings },
  appearance: { icon: Palette, text: "appearanceText", view: Appearance },
  language: { icon: Languages, text: "languageText", view: Language },
  keyboard: { icon: KeyboardSign, text: "keyboardText", view: Keyboard },
  data: { icon: FileArchive, text: "dataText", view: Data },
  trust: { icon: BadgeCheck, text: "trustText", view: Trust },
  bots: { icon: Bot, text: "botsText", view: Bots },
};
