import { t } from "../../locales/index.ts";

/** Returns a random display name: a noun in the interface language and a number. */
export function suggestName(random: () => number = Math.random): string {
  const nouns = t("guestNouns").split(",");
  return `${nouns[Math.floor(random() * nouns.length)] ?? "Guest"} ${100 + Math.floor(random() * 900)}`;
}
