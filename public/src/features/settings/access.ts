import type { Permission } from "../../../../utils/contract/schemas/auth.ts";
import { type SettingsSection, settingsSections } from "../../shared/state/route.ts";
import { isTouch } from "../../shared/state/settings.ts";
import { ban, may } from "../session/me.ts";
import { sessionPhase } from "../session/session.ts";

type Access = {
  /** What a visitor needs to open the section: a permission of their account, a session, or nothing, since it concerns this browser only. */
  readonly needs: Permission | "session" | "nothing";
  /** Whether the section is listed only for those who may open it. The others are listed for everyone with a session. */
  readonly isForStaff?: true;
};

/** The requirements of each section. Kept apart from the views, so that the quick switcher need not load them. */
export const sectionAccess: Record<SettingsSection, Access> = {
  profile: { needs: "edit_profile" },
  security: { needs: "manage_account" },
  devices: { needs: "session" },
  privacy: { needs: "edit_profile" },
  notifications: { needs: "session" },
  appearance: { needs: "nothing" },
  language: { needs: "nothing" },
  keyboard: { needs: "nothing" },
  data: { needs: "session" },
  trust: { needs: "session" },
  bots: { needs: "manage_bots", isForStaff: true },
};

/** Whether the visitor may open a section now. */
export function isOpen(section: SettingsSection): boolean {
  const { needs } = sectionAccess[section];
  if (needs === "nothing") return true;
  return needs === "session" ? sessionPhase.value === "active" : may(needs);
}

/** What banned users can still use, besides the settings of this browser. */
const bannedSections: readonly SettingsSection[] = ["data", "trust"];

/** Touch screens have no shortcuts to list. */
const isRelevant = (section: SettingsSection): boolean => section !== "keyboard" || !isTouch.value;

/** Returns the sections of the settings list: without a session those for every visitor. */
export const listedSections = (): SettingsSection[] =>
  settingsSections.filter((section) => {
    if (!isRelevant(section)) return false;
    const { needs, isForStaff } = sectionAccess[section];
    if (sessionPhase.value !== "active") return needs === "nothing";
    if (ban.value) return needs === "nothing" || bannedSections.includes(section);
    return !isForStaff || isOpen(section);
  });

/** Returns the sections that the visitor may open. */
export const openSections = (): SettingsSection[] => settingsSections.filter((section) => isRelevant(section) && isOpen(section));
