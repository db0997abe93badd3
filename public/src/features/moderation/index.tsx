import "../../styles/features/moderation/console.css";
import "../../styles/features/moderation/case.css";
import "../../styles/features/moderation/records.css";
import "../../styles/form.css";
import { Gavel, Lock, SearchCheck } from "lucide";
import { useEffect } from "preact/hooks";
import { explain, number } from "../../locales/index.ts";
import { tc } from "../../locales/moderation/console/index.ts";
import { partTitle } from "../../shared/state/page-title.ts";
import { go, type ModerationSection } from "../../shared/state/route.ts";
import { isWide } from "../../shared/state/settings.ts";
import { closeUndo, undoable, undoNow } from "../../shared/state/undo.ts";
import { lazyPart } from "../../shared/ui/lazy-part.tsx";
import { Notice } from "../../shared/ui/notice.tsx";
import { StandaloneLoading, StandalonePage } from "../../shared/ui/standalone-page.tsx";
import { NextStep } from "../room/access-cta.tsx";
import { may, me } from "../session/me.ts";
import { sessionPhase } from "../session/session.ts";
import { openSections } from "./access.ts";
import { Appeals } from "./appeals/appeals.tsx";
import { PublicLog } from "./audit/public-log.tsx";
import { applyChange } from "./case/case-state.ts";
import { CaseView } from "./case/case-view.tsx";
import { casePath } from "./case/decisions.ts";
import { showsKeyList, useConsoleKeys } from "./keys.ts";
import { ConsoleLayout } from "./layout.tsx";
import { say } from "./live-region.tsx";
import { titleOf } from "./queue/case-row.tsx";
import { Queue } from "./queue/queue.tsx";
import { caseBeside, loadQueue, watchQueue } from "./queue/queue-state.ts";
import { sections } from "./sections.ts";
import { stateName } from "./texts.ts";

const Rules = lazyPart(() => import("./rules/rules.tsx").then((file) => file.Rules));
const Raid = lazyPart(() => import("./raid/raid.tsx").then((file) => file.Raid));
const Figures = lazyPart(() => import("./figures/figures.tsx").then((file) => file.Figures));
const Audit = lazyPart(() => import("./audit/audit.tsx").then((file) => file.Audit));

/** Keeps the cases current, and announces what changes. */
function useLiveCases(): void {
  useEffect(
    () =>
      watchQueue((next, news) => {
        applyChange(next);
        if (news === "opened") say(tc("modCaseNew", { number: number(next.number), reason: titleOf(next) }));
        if (news === "changed") say(tc("modCaseNow", { number: number(next.number), state: stateName(next) }));
      }),
    [],
  );
  useEffect(() => {
    // What can still be undone is decided when the page is left.
    window.addEventListener("pagehide", closeUndo);
    return () => window.removeEventListener("pagehide", closeUndo);
  }, []);
}

/** The list of cases beside the open one, or only one of them where there is no space for both. */
function Cases({ id }: { id: string | null }) {
  // An open case leads to its neighbors in the list, also where the list isn't shown.
  useEffect(() => void loadQueue(), []);
  const step = (by: 1 | -1) => () => {
    const next = caseBeside(id, by);
    if (next && next.id !== id) go(casePath(next.id));
  };
  useConsoleKeys({
    J: step(1),
    K: step(-1),
    U: () => {
      if (undoable.peek()) void undoNow();
      else say(tc("modNothingToUndo"));
    },
    "?": () => {
      showsKeyList.value = true;
    },
  });
  return (
    <div class="mod-split">
      {(isWide.value || id === null) && <Queue openId={id} />}
      {id !== null && (
        <section class="mod-open" aria-label={tc("modOpenCase")}>
          <CaseView id={id} />
        </section>
      )}
      {id === null && isWide.value && (
        <div class="mod-open mod-open-none">
          <Notice icon={SearchCheck} title={tc("modChooseCase")} text={tc("modChooseCaseText")} />
        </div>
      )}
    </div>
  );
}

function Section({ section, id }: { section: ModerationSection; id: string | null }) {
  if (section === "cases") return <Cases id={id} />;
  return (
    <div class="mod-page">
      {section === "appeals" && <Appeals />}
      {section === "rules" && <Rules id={id} />}
      {section === "raid" && <Raid />}
      {section === "figures" && <Figures />}
      {section === "log" && <PublicLog />}
      {section === "audit" && <Audit />}
    </div>
  );
}

function Console({ section, id }: { section: ModerationSection; id: string | null }) {
  useLiveCases();
  return (
    <ConsoleLayout section={section} isCase={section === "cases" && id !== null}>
      <Section section={section} id={id} />
    </ConsoleLayout>
  );
}

const Denied = () => (
  <StandalonePage>
    <Notice isPage icon={Lock} title={tc("modForbiddenTitle")} text={tc("modForbidden")}>
      <a class="button button-quiet" href="/moderation/log">
        {tc("modLog")}
      </a>
    </Notice>
  </StandalonePage>
);

const NeedSession = () => (
  <StandalonePage>
    <Notice isPage icon={Gavel} title={tc("modTitle")} text={explain("unauthenticated")}>
      <NextStep code="account_required" />
    </Notice>
  </StandalonePage>
);

/** Renders the moderators' console. Everyone may read the public log. */
export function ConsoleView({ section, id }: { section: ModerationSection; id: string | null }) {
  const title = tc(sections[section].title);
  useEffect(() => {
    partTitle.value = title;
    return () => {
      partTitle.value = null;
    };
  }, [title]);
  const phase = sessionPhase.value;
  if (phase === "unknown" || (phase === "active" && me.value === null)) return <StandaloneLoading />;
  if (!may("moderate") && section === "log")
    return (
      <StandalonePage>
        <div class="mod-standalone">
          <PublicLog isPage />
        </div>
      </StandalonePage>
    );
  if (phase !== "active") return <NeedSession />;
  return openSections().includes(section) ? <Console section={section} id={id} /> : <Denied />;
}
