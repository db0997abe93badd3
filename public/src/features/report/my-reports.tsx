import "../../styles/features/moderation-people.css";
import { Flag } from "lucide";
import type { ReportDto } from "../../../../utils/contract/schemas/moderation/reports.ts";
import { ask } from "../../api.ts";
import { formatTime } from "../../locales/index.ts";
import type { ModerationKey } from "../../locales/moderation/en.ts";
import { tm } from "../../locales/moderation/index.ts";
import { ruleName } from "../../locales/moderation/rules.ts";
import { Notice } from "../../shared/ui/notice.tsx";
import { RecordList } from "../sanctions/record-list.tsx";
import { RecordPage } from "../sanctions/record-page.tsx";
import { useRecords } from "../sanctions/use-records.ts";
import { State } from "../settings/section.tsx";

const targets: Record<ReportDto["target"]["kind"], ModerationKey> = {
  message: "reportOfMessage",
  user: "reportOfUser",
  conversation: "reportOfConversation",
  item: "reportOfItem",
};

const states = {
  received: { name: "reportReceived", sign: "waiting", text: "reportWaits" },
  under_review: { name: "reportReviewed", sign: "waiting", text: "reportIsRead" },
  closed: { name: "reportClosed", sign: "good", text: "reportNotActed" },
} as const satisfies Record<ReportDto["state"], { name: ModerationKey; sign: "good" | "waiting"; text: ModerationKey }>;

function Entry({ report }: { report: ReportDto }) {
  const { number, target, reason, text, state, outcome, createdAt } = report;
  const { name, sign, text: status } = states[state];
  return (
    <li class="record-card">
      <div class="record-head">
        <h2>{tm("reportEntry", { number })}</h2>
        <State is={sign}>{tm(name)}</State>
      </div>
      <p>{tm(outcome === "action_taken" ? "reportActed" : status)}</p>
      <p class="record-note">
        {tm(targets[target.kind])} · {ruleName(reason)} ·{" "}
        <time dateTime={createdAt}>{tm("reportOn", { time: formatTime(new Date(createdAt)) })}</time>
      </p>
      {text && (
        <blockquote class="record-quote" dir="auto">
          {text}
        </blockquote>
      )}
    </li>
  );
}

/** Lists the user's own reports with their state and outcome. */
export function MyReports() {
  const records = useRecords((query) => ask("listReports", `/api/moderation/reports?${query}`, { bearer: true }));
  return (
    <RecordPage title={tm("reports")} reads={["report"]}>
      <RecordList
        records={records}
        failed={tm("reportsFailed")}
        none={<Notice icon={Flag} title={tm("reportsNone")} text={tm("reportsNoneHint")} />}
      >
        {records.items.map((report) => (
          <Entry key={report.id} report={report} />
        ))}
      </RecordList>
    </RecordPage>
  );
}
