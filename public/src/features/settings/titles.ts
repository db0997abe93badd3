import { ta } from "../../locales/account/index.ts";
import { t } from "../../locales/index.ts";
import type { SettingsSection } from "../../shared/state/route.ts";
import type { Theme } from "../../shared/state/settings.ts";

const themeWords = { system: "themeSystem", light: "themeLight", dark: "themeDark", contrast: "themeContrast" } as const satisfies Record<
  Theme,
  string
>;

/** Returns the name of a theme. */
export const themeTitle = (theme: Theme): string => t(themeWords[theme]);

/** Returns the title of a page of the settings. */
export function sectionTitle(section: SettingsSection): string {
  if (section === "appearance") return t("theme");
  if (section === "language") return t("language");
  if (section === "trust") return t("trust");
  return section === "keyboard" ? t("keys") : ta(section);
}
