import { ChartColumn, FileLock2, type IconNode, Inbox, ListFilter, MessageSquareWarning, ScrollText, ShieldAlert } from "lucide";
import type { ConsoleKey } from "../../locales/moderation/console/en.ts";
import type { ModerationSection } from "../../shared/state/route.ts";

type Section = { readonly icon: IconNode; readonly title: ConsoleKey };

export const sections: Record<ModerationSection, Section> = {
  cases: { icon: Inbox, title: "modCases" },
  appeals: { icon: MessageSquareWarning, title: "modAppeals" },
  rules: { icon: ListFilter, title: "modRules" },
  raid: { icon: ShieldAlert, title: "modRaid" },
  figures: { icon: ChartColumn, title: "modFigures" },
  log: { icon: ScrollText, title: "modLog" },
  audit: { icon: FileLock2, title: "modAudit" },
};

export const sectionPath = (section: ModerationSection): string => (section === "cases" ? "/moderation" : `/moderation/${section}`);
