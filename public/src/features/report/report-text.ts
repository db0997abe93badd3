import type { HouseRule } from "../../../../utils/contract/schemas/moderation/actions.ts";
import type { ReportDto } from "../../../../utils/contract/schemas/moderation/reports.ts";
import { type ApiError, ask } from "../../api.ts";
import { aheadOf, explain, isolated } from "../../locales/index.ts";
import { tm } from "../../locales/moderation/index.ts";
import type { ReportSubject } from "../../shared/state/dialogs.ts";
import { shownName } from "../../shared/text/shown-name.ts";

/** The maximum length of the text of a report, in UTF-16 units. */
export const REPORT_UNITS = 1_000;

/** @throws ApiError: `report_self`, `not_found`, `rate_limited` with `retryAfterMs`, … */
export const sendReport = ({ kind, id }: ReportSubject, reason: HouseRule, text: string): Promise<ReportDto> =>
  ask("createReport", "/api/moderation/reports", {
    method: "POST",
    bearer: true,
    body: { target: { kind, id }, reason, ...(text !== "" && { text }) },
  });

/** The key under which the unsent text of a report is kept as a draft. */
export const reportDraftKey = ({ kind, id }: ReportSubject): string => `report-${kind}-${id}`;

const nameIn = ({ who }: ReportSubject): string => (who ? isolated(shownName(who)) : "");

/** Returns the title of the report dialog. */
export function reportTitle(subject: ReportSubject): string {
  if (subject.kind === "user") return tm("reportPerson", { name: nameIn(subject) });
  return tm(subject.kind === "conversation" ? "reportConversation" : "reportMessage");
}

/** Explains who sees a report and its subject, and that the person concerned does not learn who reported it. */
export function reportConsequence(subject: ReportSubject): string {
  if (subject.kind === "user") return tm("reportCopyPerson", { name: nameIn(subject) });
  if (subject.kind === "conversation") return tm("reportCopyConversation");
  return tm("reportCopyMessage", { name: nameIn(subject) });
}

/** Returns the text of an error of a report, in whole sentences. */
export function reportErrorText({ code, retryAfterMs }: ApiError): string {
  if (code === "network") return tm("reportKept");
  if (code === "not_found") return tm("reportGone");
  if (code === "rate_limited" && retryAfterMs !== undefined && retryAfterMs > 3_600_000)
    return tm("reportLimit", { time: aheadOf(new Date(Date.now() + retryAfterMs)) });
  return explain(code);
}
