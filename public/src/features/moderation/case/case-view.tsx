import { ArrowLeft, ChevronDown, ChevronUp, FileQuestion, Hand } from "lucide";
import { useEffect, useRef } from "preact/hooks";
import type { CaseDetailDto } from "../../../../../utils/contract/schemas/moderation/cases.ts";
import { aheadOf, explain, isolated, number, timeOf } from "../../../locales/index.ts";
import { tc } from "../../../locales/moderation/console/index.ts";
import { go } from "../../../shared/state/route.ts";
import { isWide } from "../../../shared/state/settings.ts";
import { shownName } from "../../../shared/text/shown-name.ts";
import { Trouble } from "../../../shared/ui/form.tsx";
import { Icon } from "../../../shared/ui/icon.tsx";
import { Notice } from "../../../shared/ui/notice.tsx";
import { Skeleton } from "../../../shared/ui/skeleton.tsx";
import { Mark, PersonName } from "../../people/person.tsx";
import { currentUser } from "../../session/session.ts";
import { useConsoleKeys } from "../keys.ts";
import { titleOf } from "../queue/case-row.tsx";
import { caseBeside } from "../queue/queue-state.ts";
import { placeName, stateName } from "../texts.ts";
import { openCase, opened, reloadCase } from "./case-state.ts";
import { DecisionBar } from "./decision-bar.tsx";
import { casePath } from "./decisions.ts";
import { Evidence } from "./evidence.tsx";
import { CaseActions, RelatedCases, Reports, SubjectRecord } from "./history.tsx";
import { claimerOf } from "./target.ts";
import { type Decision, useDecision } from "./use-decision.ts";

const steps = [
  { step: -1, icon: ChevronUp, label: "modPreviousCase", letter: "K" },
  { step: 1, icon: ChevronDown, label: "modNextCase", letter: "J" },
] as const;

/** Goes to the previous or next case of the list. */
const Steps = ({ id }: { id: string }) => (
  <div class="mod-steps">
    {steps.map(({ step, icon, label, letter }) => {
      const next = caseBeside(id, step);
      const isNone = next === null || next.id === id;
      return (
        <button
          key={step}
          type="button"
          class="icon-button"
          aria-label={tc(label)}
          title={`${tc(label)} (${letter})`}
          disabled={isNone}
          onClick={() => next && go(casePath(next.id))}
        >
          <Icon icon={icon} size={20} />
        </button>
      );
    })}
  </div>
);

/** Shows who works on the case, and claims or releases it. */
function Claim({ detail, decision }: { detail: CaseDetailDto; decision: Decision }) {
  const { state, claimExpiresAt, resolvedAt } = detail;
  const { claim, mayDecide, isOthers } = decision;
  const claimedBy = claimerOf(detail);
  if (state === "resolved")
    return (
      <p class="mod-claim mod-claim-done">
        {tc("modResolvedAs", { outcome: stateName(detail), time: resolvedAt ? aheadOf(new Date(resolvedAt)) : "" })}
      </p>
    );
  const isMine = claimedBy?.id === currentUser.value?.id;
  return (
    <div class={isOthers ? "mod-claim mod-claim-other" : "mod-claim"}>
      {claimedBy ? (
        <p>
          <Icon icon={Hand} size={16} />
          <span>
            {isMine ? tc("modClaimedByYou") : tc("modClaimedBy", { name: isolated(shownName(claimedBy)) })}{" "}
            {claimExpiresAt && <span class="mod-dim">{tc("modClaimUntil", { time: timeOf(new Date(claimExpiresAt)) })}</span>}
          </span>
        </p>
      ) : (
        <p class="mod-dim">{tc("modState_open")}</p>
      )}
      {mayDecide && !isOthers && (
        <button
          type="button"
          class={claimedBy ? "button button-quiet" : "button button-main"}
          aria-disabled={claim.isBusy}
          onClick={() => void claim.act(!claimedBy)}
        >
          {tc(claimedBy ? "modRelease" : "modClaim")}
        </button>
      )}
      <Trouble refusal={claim.refusal} />
    </div>
  );
}

function Head({ detail }: { detail: CaseDetailDto }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), [detail.id]);
  return (
    <header class="mod-case-head">
      {!isWide.value && (
        <a class="icon-button mod-back" href="/moderation" aria-label={tc("modBack")} title={tc("modBack")}>
          <Icon icon={ArrowLeft} size={20} />
        </a>
      )}
      <div class="mod-case-name">
        <h2 ref={heading} tabIndex={-1}>
          {titleOf(detail)} <span class="mod-dim">{tc("modNumber", { number: number(detail.number) })}</span>
        </h2>
        <p class="mod-facts">
          {detail.subject && (
            <span class="mod-subject">
              <PersonName who={detail.subject} look="person-name" /> <Mark who={detail.subject} />
            </span>
          )}
          <span>{placeName(detail)}</span>
          <span>{tc(`modKind_${detail.kind}`)}</span>
          <span>{tc("modScore", { score: number(detail.score) })}</span>
        </p>
      </div>
      <Steps id={detail.id} />
    </header>
  );
}

function Loaded({ detail, isChanged }: { detail: CaseDetailDto; isChanged: boolean }) {
  const decision = useDecision(detail);
  const { claim, choose, decide } = decision;
  useEffect(() => {
    const claimer = claimerOf(detail);
    const lapsesIn = claimer === null ? null : Date.parse(detail.claimExpiresAt ?? "") - Date.now() + 500;
    const timer = lapsesIn === null ? undefined : setTimeout(reloadCase, lapsesIn);
    return () => clearTimeout(timer);
  }, [detail.claimExpiresAt]);
  useConsoleKeys({
    C: () => {
      if (decision.mayDecide && !decision.isDecided && !decision.isOthers) void claim.act(claimerOf(detail) === null);
    },
    D: () => decide("dismissed"),
    A: () => decide("approved"),
    R: () => decide("refused"),
    X: () => choose("delete_message"),
    M: () => choose("mute"),
    B: () => choose("ban"),
  });
  return (
    <>
      <div class="mod-case-scroll">
        <Head detail={detail} />
        <div role="status">{isChanged && <p class="mod-changed">{tc("modCaseChanged")}</p>}</div>
        <Claim detail={detail} decision={decision} />
        <Evidence detail={detail} />
        <CaseActions detail={detail} />
        <Reports detail={detail} />
        <SubjectRecord detail={detail} />
        <RelatedCases detail={detail} />
      </div>
      <DecisionBar detail={detail} decision={decision} />
    </>
  );
}

/** Renders one case: the evidence, the reports, the history of the user, and the decision. */
export function CaseView({ id }: { id: string }) {
  useEffect(() => openCase(id), [id]);
  const now = opened.value;
  if (now?.id !== id || (now.detail === null && now.failure === null)) return <Skeleton lines={7} />;
  if (now.detail) return <Loaded key={id} detail={now.detail} isChanged={now.isChanged} />;
  const { code } = now.failure ?? {};
  const isGone = code === "not_found" || code === "forbidden";
  return (
    <Notice
      icon={FileQuestion}
      title={isGone ? tc("modCaseGone") : tc("modCaseFailed")}
      {...(isGone || !code ? {} : { text: explain(code) })}
    >
      {isGone ? (
        <a class="button button-main" href="/moderation">
          {tc("modBack")}
        </a>
      ) : (
        <button type="button" class="button button-main" onClick={reloadCase}>
          {tc("modReload")}
        </button>
      )}
    </Notice>
  );
}
