import { t } from "../../locales/index.ts";

/** A name nobody has thought about for long: a word of the reader's language and a number. */
export function suggestName(random: () => number = Math.random): string {
  const nouns = t("guestNouns").split(",");
  return `${nouns[Math.floor(random() * nouns.length)] ?? "Guest"} ${100 + Math.floor(random() * 900)}`;
}
