import "../../styles/features/account.css";
import "../../styles/features/moderation-people.css";
import { CircleCheck, ShieldCheck } from "lucide";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { HouseRule } from "../../../../utils/contract/schemas/moderation/actions.ts";
import type { ReportDto } from "../../../../utils/contract/schemas/moderation/reports.ts";
import type { AuthorDto } from "../../../../utils/contract/schemas/users.ts";
import { ti } from "../../locales/inbox/index.ts";
import { isolated, t } from "../../locales/index.ts";
import { tm } from "../../locales/moderation/index.ts";
import { type ReportSubject, reporting, shownPerson } from "../../shared/state/dialogs.ts";
import { shownName } from "../../shared/text/shown-name.ts";
import { Form, Submit, Trouble } from "../../shared/ui/form.tsx";
import { Icon } from "../../shared/ui/icon.tsx";
import { Panel } from "../../shared/ui/panel.tsx";
import { useAction } from "../../shared/ui/use-action.ts";
import { draftOf, keepDraft } from "../composer/drafts.ts";
import { blockWithUndo, isBlocked } from "../people/blocks.ts";
import { may } from "../session/me.ts";
import { currentUser } from "../session/session.ts";
import { Details, Reasons } from "./report-fields.tsx";
import { REPORT_UNITS, reportConsequence, reportDraftKey, reportErrorText, reportTitle, sendReport } from "./report-text.ts";

const close = (): void => {
  reporting.value = null;
};

/** Closes the dialog by itself, so that the browser returns the focus. */
const closeFrom = ({ currentTarget }: MouseEvent): void => {
  if (currentTarget instanceof Element) currentTarget.closest("dialog")?.close();
};

/** An open dialog makes everything behind it inert, including the undo offer of a block. */
function closeAll(): void {
  close();
  shownPerson.value = null;
}

type SentProps = { report: ReportDto; who: AuthorDto | null };

/** Shows the number of the report, and offers to block the person it is about. */
function Sent({ report, who }: SentProps) {
  const heading = useRef<HTMLParagraphElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const block = useAction(async () => {
    if (!who) return;
    await blockWithUndo(who, ti("blockedNow", { name: isolated(shownName(who)) }), () => undefined);
    closeAll();
  });
  const canBlock = who !== null && who.id !== currentUser.value?.id && may("edit_profile") && !isBlocked(who.id);
  return (
    <div class="report-sent">
      <span class="notice-sign">
        <Icon icon={CircleCheck} size={28} />
      </span>
      <p ref={heading} class="report-number" tabIndex={-1}>
        {tm("reportNumber", { number: report.number })}
      </p>
      <p>{tm("reportThanks")}</p>
      <Trouble refusal={block.refusal} />
      <div class="report-ways">
        <button type="button" class="button button-main" onClick={closeFrom}>
          {tm("reportDone")}
        </button>
        {canBlock && (
          <button type="button" class="button button-quiet" aria-disabled={block.isBusy} onClick={() => void block.act()}>
            {tm("reportBlock", { name: isolated(shownName(who)) })}
          </button>
        )}
        <a class="button button-quiet" href="/me/reports" onClick={closeAll}>
          {tm("reports")}
        </a>
      </div>
    </div>
  );
}

type Missing = "reason" | "text" | null;

/** Manages the input of a report. The text is kept as a draft until it is sent. */
function useReport(subject: ReportSubject, onSent: (report: ReportDto) => void) {
  const key = reportDraftKey(subject);
  const [reason, setReason] = useState<HouseRule | null>(null);
  const [text, setText] = useState(() => draftOf(key));
  const [missing, setMissing] = useState<Missing>(null);
  /** Number of attempts to send, including those with something missing. */
  const [attempts, setAttempts] = useState(0);
  const sending = useAction(async () => {
    if (reason === null) return;
    const report = await sendReport(subject, reason, text.trim());
    keepDraft(key, "");
    onSent(report);
  });
  const choose = (next: HouseRule) => {
    setReason(next);
    setMissing(null);
    sending.clear();
  };
  const write = (next: string) => {
    setText(next);
    keepDraft(key, next);
    setMissing(null);
    sending.clear();
  };
  const submit = () => {
    const lacks: Missing = reason === null ? "reason" : reason === "other" && text.trim() === "" ? "text" : null;
    setMissing(lacks);
    setAttempts(attempts + 1);
    if (lacks === null) void sending.act();
  };
  return { reason, text, missing, attempts, sending, choose, write, submit };
}

function ReportForm({ subject, onSent }: { subject: ReportSubject; onSent: (report: ReportDto) => void }) {
  const { reason, text, missing, attempts, sending, choose, write, submit } = useReport(subject, onSent);
  const form = useRef<HTMLDivElement>(null);
  // In a layout effect, before the next key: it belongs to the field that lacks something.
  useLayoutEffect(() => {
    if (missing) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [attempts]);
  return (
    <div ref={form} class="report">
      <Form onSubmit={submit}>
        <Reasons chosen={reason} error={missing === "reason" ? tm("reportReasonMissing") : null} onChange={choose} />
        <Details
          value={text}
          isNeeded={reason === "other"}
          error={missing === "text" ? tm("reportTextMissing") : null}
          most={REPORT_UNITS}
          onChange={write}
        />
        <p class="report-next">
          <Icon icon={ShieldCheck} size={18} />
          <span>{reportConsequence(subject)}</span>
        </p>
        <Trouble refusal={sending.refusal} {...(sending.refusal && { text: reportErrorText(sending.refusal) })} />
        <div class="report-ways">
          <Submit isBusy={sending.isBusy}>{tm("reportSend")}</Submit>
          <button type="button" class="button button-quiet" onClick={closeFrom}>
            {t("close")}
          </button>
        </div>
      </Form>
    </div>
  );
}

/** Renders the dialog for a report: the reason, what happens next, and afterwards its number. */
export function ReportDialog({ subject }: { subject: ReportSubject }) {
  const [report, setReport] = useState<ReportDto | null>(null);
  return (
    <Panel title={report ? tm("reportSent") : reportTitle(subject)} kind="sheet" onClose={close}>
      {report ? <Sent report={report} who={subject.who} /> : <ReportForm subject={subject} onSent={setReport} />}
    </Panel>
  );
}
