import type { RestrictionDto } from "../../../utils/contract/auth.ts";
import type { Refusal } from "../api.ts";
import { momentOf, t } from "./index.ts";

const words = {
  banned: { until: "bannedUntil", ever: "bannedEver" },
  muted: { until: "mutedTill", ever: "mutedEver" },
} as const;

/** What a refusal says of a ban or a mute. */
export function restrictionIn(refusal: Refusal): RestrictionDto {
  const [until, rule] = [refusal.detail("until"), refusal.detail("rule")];
  return { until: typeof until === "string" ? until : null, rule: typeof rule === "string" ? rule : "" };
}

/** A ban or a mute in whole sentences: until when, and by which rule. */
export function explainRestriction(kind: keyof typeof words, { until, rule }: RestrictionDto): string {
  const when = until ? t(words[kind].until, { time: momentOf(new Date(until)) }) : t(words[kind].ever);
  return rule ? `${when} ${t("byRule", { rule })}` : when;
}
