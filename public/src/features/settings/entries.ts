import {
  Bell,
  Bot,
  ClipboardCheck,
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
import type { Permission } from "../../../../utils/contract/schemas/auth.ts";
import type { AccountKey } from "../../locales/account/en.ts";
import { type SettingsSection, settingsSections } from "../../shared/state/route.ts";
import { isTouch } from "../../shared/state/settings.ts";
import { lazy } from "../../shared/ui/lazy.tsx";
import { lazyPart } from "../../shared/ui/lazy-part.tsx";
import { may } from "../session/me.ts";
import { sessionPhase } from "../session/session.ts";
import { Appearance } from "./appearance.tsx";
import { Keyboard } from "./keyboard.tsx";
import { Language } from "./language.tsx";
import { Data } from "./privacy/data.tsx";
import { Privacy } from "./privacy/privacy.tsx";
import { Profile } from "./profile.tsx";
import { Devices } from "./security/devices.tsx";
import { Security } from "./security/security.tsx";
import { Bots } from "./staff/bots.tsx";

/** Its code shows what people wrote, which no other settings do. */
const Review = lazyPart(() => import("./staff/review.tsx").then((file) => file.Review));

const NotificationSettings = lazy(() => import("./notifications.tsx").then((file) => file.NotificationSettings), {
  words: ["notify", "inbox"],
});

export type Entry = {
  icon: IconNode;
  text: AccountKey;
  view: ComponentType;
  /** What somebody needs to open it: an account's permission, a session, or nothing at all, since it concerns this browser alone. */
  needs: Permission | "session" | "nothing";
  /** Shown to nobody but those who have what it needs; all the others open with an account. */
  isForStaff?: true;
};

export const entries: Record<SettingsSection, Entry> = {
  profile: { icon: UserRound, text: "profileText", view: Profile, needs: "edit_profile" },
  security: { icon: ShieldCheck, text: "securityText", view: Security, needs: "manage_account" },
  devices: { icon: MonitorSmartphone, text: "devicesText", view: Devices, needs: "session" },
  privacy: { icon: Eye, text: "privacyText", view: Privacy, needs: "edit_profile" },
  notifications: { icon: Bell, text: "notificationsText", view: NotificationSettings, needs: "session" },
  appearance: { icon: Palette, text: "appearanceText", view: Appearance, needs: "nothing" },
  language: { icon: Languages, text: "languageText", view: Language, needs: "nothing" },
  keyboard: { icon: KeyboardSign, text: "keyboardText", view: Keyboard, needs: "nothing" },
  data: { icon: FileArchive, text: "dataText", view: Data, needs: "session" },
  review: { icon: ClipboardCheck, text: "reviewText", view: Review, needs: "review_messages", isForStaff: true },
  bots: { icon: Bot, text: "botsText", view: Bots, needs: "manage_bots", isForStaff: true },
};

export const isOpenTo = ({ needs }: Entry): boolean => {
  if (needs === "nothing") return true;
  return needs === "session" ? sessionPhase.value === "active" : may(needs);
};

/** The sections that the list names: without a session those for everybody, on a touch screen none about keys. */
export const sectionsShown = (): SettingsSection[] =>
  settingsSections.filter((section) => {
    const entry = entries[section];
    if (section === "keyboard" && isTouch.value) return false;
    if (sessionPhase.value !== "active") return entry.needs === "nothing";
    return !entry.isForStaff || isOpenTo(entry);
  });
