import { Hand, TriangleAlert } from "lucide";
import type { CaseDto } from "../../../../../utils/contract/schemas/moderation/cases.ts";
import { isolated, number } from "../../../locales/index.ts";
import { countedConsole, tc } from "../../../locales/moderation/console/index.ts";
import { shownName } from "../../../shared/text/shown-name.ts";
import { Icon } from "../../../shared/ui/icon.tsx";
import { Mark } from "../../people/person.tsx";
import { currentUser } from "../../session/session.ts";
import { casePath } from "../case/decisions.ts";
import { claimerOf } from "../case/target.ts";
import { Ago } from "../moment.tsx";
import { placeName, reasonName, stateName } from "../texts.ts";
import { selected, toggleSelected } from "./queue-state.ts";

/** Returns the reasons of a case; a case without a report is named by its kind. */
export const titleOf = ({ reasons, kind }: CaseDto): string =>
  reasons.length === 0 ? tc(`modKind_${kind}`) : reasons.map(({ reason }) => reasonName(reason)).join(", ");

/** Shows the state, or who works on the case. */
export function CaseState({ one }: { one: CaseDto }) {
  const { state } = one;
  const claimedBy = claimerOf(one);
  if (state === "claimed" && !claimedBy) return <span class="mod-state mod-state-open">{tc("modState_open")}</span>;
  if (!claimedBy) return <span class={`mod-state mod-state-${state}`}>{stateName(one)}</span>;
  const isMine = claimedBy.id === currentUser.value?.id;
  return (
    <span class="mod-state mod-state-claimed">
      <Icon icon={Hand} size={12} />
      {isMine ? tc("modClaimedByYou") : tc("modClaimedBy", { name: isolated(shownName(claimedBy)) })}
    </span>
  );
}

const Words = ({ one }: { one: CaseDto }) => (
  <>
    <span class="mod-case-title">
      {one.reasons.some(({ reason }) => reason === "underage") && <Icon icon={TriangleAlert} size={15} />}
      {titleOf(one)}
    </span>
    <span class="mod-case-who">
      <bdi>{one.subject ? shownName(one.subject) : tc("modNoSubject")}</bdi>
      {one.subject && <Mark who={one.subject} />}
      <span class="mod-dim">{placeName(one)}</span>
    </span>
    <span class="mod-case-facts">
      <span>{tc("modNumber", { number: number(one.number) })}</span>
      {one.reportCount > 0 && <span>{countedConsole("modReportCount", one.reportCount)}</span>}
      <Ago at={one.createdAt} />
      <CaseState one={one} />
    </span>
  </>
);

type RowProps = { one: CaseDto; isOpen: boolean; isSelecting: boolean };

/** Renders one case of the list; while cases are being selected, with a checkbox. */
export function CaseRow({ one, isOpen, isSelecting }: RowProps) {
  const isChosen = selected.value.has(one.id);
  return (
    <li
      class={isChosen ? "mod-row mod-row-chosen" : "mod-row"}
      data-case={one.id}
      data-urgent={one.reasons.some(({ reason }) => reason === "underage") ? "" : undefined}
    >
      {isSelecting && (
        <label class="mod-row-pick">
          <input type="checkbox" checked={isChosen} onChange={() => toggleSelected(one.id)} />
          <span class="sr-only">{tc("modSelectCase", { number: one.number })}</span>
        </label>
      )}
      <a class="mod-case" href={casePath(one.id)} {...(isOpen ? { "aria-current": "page" as const } : {})}>
        <Words one={one} />
      </a>
    </li>
  );
}
