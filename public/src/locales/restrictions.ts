import type { RestrictionDto } from "../../../utils/contract/schemas/auth.ts";
import { formatTime, t } from "./index.ts";

const words = {
  banned: { until: "bannedUntil", ever: "bannedForever" },
  muted: { until: "mutedOnSite", ever: "mutedForever" },
} as const;

/** Describes a ban or a mute in whole sentences: until when, and by which rule. */
export function explainRestriction(kind: keyof typeof words, { until, rule }: RestrictionDto): string {
  const when = until ? t(words[kind].until, { time: formatTime(new Date(until)) }) : t(words[kind].ever);
  return rule ? `${when} ${t("byRule", { rule })}` : when;
}
