import type { RestrictionDto } from "../../../../utils/contract/schemas/auth.ts";
import { formatTime } from "../index.ts";
import { tm } from "./index.ts";
import { ruleName } from "./rules.ts";

const words = {
  banned: { until: "sanctionBanUntil", ever: "sanctionBanForever" },
  muted: { until: "sanctionMuteUntil", ever: "sanctionMuteForever" },
  room: { until: "sanctionLater", ever: "sanctionNever" },
} as const;

/** Describes a ban from the site, a mute, or a ban from a room in whole sentences: until when, and by which rule. */
export function explainRestriction(kind: keyof typeof words, { until, rule }: Pick<RestrictionDto, "until" | "rule">): string {
  const when = until ? tm(words[kind].until, { time: formatTime(new Date(until)) }) : tm(words[kind].ever);
  return rule ? `${when} ${tm("sanctionByRule", { rule: ruleName(rule) })}` : when;
}
