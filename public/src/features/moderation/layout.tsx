import { ArrowLeft, Keyboard } from "lucide";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { t } from "../../locales/index.ts";
import { tc } from "../../locales/moderation/console/index.ts";
import { backPath, type ModerationSection, routeOf } from "../../shared/state/route.ts";
import { isMiddle, isTouch } from "../../shared/state/settings.ts";
import { Icon } from "../../shared/ui/icon.tsx";
import { Layout } from "../app/layout.tsx";
import { openSections } from "./access.ts";
import { casePath, failedDecision } from "./case/decisions.ts";
import { KeyList } from "./key-list.tsx";
import { showsKeyList } from "./keys.ts";
import { LiveRegion } from "./live-region.tsx";
import { sectionPath, sections } from "./sections.ts";

/** Links to the sections that the user may open, in one row that scrolls where it is narrow. */
function Nav({ here }: { here: ModerationSection }) {
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => list.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" }), [here]);
  return (
    <nav class="mod-nav" aria-label={tc("modSections")}>
      <ul ref={list}>
        {openSections().map((section) => (
          <li key={section}>
            <a href={sectionPath(section)} {...(section === here ? { "aria-current": "page" as const } : {})}>
              <Icon icon={sections[section].icon} size={17} />
              {tc(sections[section].title)}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** Shows why a decision was not made after all. */
function Failure() {
  const failure = failedDecision.value;
  return (
    <div role="alert">
      {failure && (
        <p class="mod-changed">
          {failure.text} <a href={casePath(failure.id)}>{tc("modGoToCase")}</a>
        </p>
      )}
    </div>
  );
}

const KeyButton = () =>
  isTouch.value ? null : (
    <button
      type="button"
      class="icon-button"
      aria-label={tc("modKeys")}
      title={`${tc("modKeys")} (?)`}
      onClick={() => {
        showsKeyList.value = true;
      }}
    >
      <Icon icon={Keyboard} size={19} />
    </button>
  );

function Top() {
  const back = routeOf(backPath.value).name === "lobby" ? "/home" : backPath.value;
  return (
    <div class="mod-top">
      {!isMiddle.value && (
        <a class="icon-button mod-back" href={back} aria-label={t("back")} title={t("back")}>
          <Icon icon={ArrowLeft} size={20} />
        </a>
      )}
      <h1>{tc("modTitle")}</h1>
      <KeyButton />
    </div>
  );
}

type LayoutProps = { section: ModerationSection; isCase: boolean; children: ComponentChildren };

/** Lays out the console. On a phone, a case has the whole screen. */
export function ConsoleLayout({ section, isCase, children }: LayoutProps) {
  const hasTop = isMiddle.value || !isCase;
  return (
    <Layout>
      <main id="content" class={isCase ? "mod mod-with-case" : "mod"}>
        {hasTop ? <Top /> : <h1 class="sr-only">{tc("modTitle")}</h1>}
        {hasTop && <Nav here={section} />}
        <Failure />
        {children}
        <LiveRegion />
        {showsKeyList.value && <KeyList />}
      </main>
    </Layout>
  );
}
