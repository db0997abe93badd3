import { ListChecks, ServerOff, ShieldCheck, SlidersHorizontal } from "lucide";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { explain } from "../../../locales/index.ts";
import { countedConsole, tc } from "../../../locales/moderation/console/index.ts";
import { Badge } from "../../../shared/ui/badge.tsx";
import { Icon } from "../../../shared/ui/icon.tsx";
import { Notice } from "../../../shared/ui/notice.tsx";
import { Skeleton } from "../../../shared/ui/skeleton.tsx";
import { useAction } from "../../../shared/ui/use-action.ts";
import { BulkBar } from "./bulk-bar.tsx";
import { noFilters } from "./case-list.ts";
import { CaseRow } from "./case-row.tsx";
import { activeFilters, CaseFilters, StateFilter } from "./filters.tsx";
import { cases, changeFilters, filters, loadMoreCases, loadQueue, nextCursor, queueFailure, selected, shownCases } from "./queue-state.ts";

function Failed() {
  const retry = useAction(loadQueue);
  return (
    <Notice icon={ServerOff} title={tc("modQueueFailed")} text={explain(queueFailure.value?.code ?? "network")}>
      <button type="button" class="button button-main" aria-disabled={retry.isBusy} onClick={() => void retry.act()}>
        {tc("modReload")}
      </button>
    </Notice>
  );
}

function Empty() {
  if (activeFilters(filters.value) === 0 && filters.value.state === "todo")
    return <Notice icon={ShieldCheck} title={tc("modQueueEmpty")} text={tc("modQueueEmptyText")} />;
  return (
    <Notice icon={SlidersHorizontal} title={tc("modQueueNone")}>
      <button type="button" class="button button-quiet" onClick={() => changeFilters(noFilters)}>
        {tc("modClearFilters")}
      </button>
    </Notice>
  );
}

/** Keeps the focus in the list when the case that has it is removed: it moves to the case in its place. */
function useFocusInList() {
  const list = useRef<HTMLUListElement>(null);
  const last = useRef<number | null>(null);
  const onFocusIn = ({ target }: FocusEvent) => {
    const row = target instanceof Element ? target.closest("li") : null;
    last.current = row ? [...(list.current?.children ?? [])].indexOf(row) : null;
  };
  const onFocusOut = ({ relatedTarget }: FocusEvent) => {
    if (relatedTarget !== null) last.current = null;
  };
  useLayoutEffect(() => {
    const at = last.current;
    if (at === null || document.activeElement !== document.body) return;
    const rows = [...(list.current?.children ?? [])];
    rows[Math.min(at, rows.length - 1)]?.querySelector<HTMLElement>("a")?.focus({ preventScroll: true });
  });
  return { list, onFocusIn, onFocusOut };
}

function Head({ isSelecting, onSelecting }: { isSelecting: boolean; onSelecting: (is: boolean) => void }) {
  const [isOpen, setOpen] = useState(activeFilters(filters.peek()) > 0);
  const active = activeFilters(filters.value);
  return (
    <>
      <div class="mod-queue-head">
        <StateFilter />
        <button
          type="button"
          class="icon-button mod-filter-button"
          aria-label={tc("modFilters")}
          title={tc("modFilters")}
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          <Icon icon={SlidersHorizontal} size={19} />
          <Badge count={active} label={tc("modFilters")} look="badge-corner" />
        </button>
        <button
          type="button"
          class="icon-button"
          aria-label={tc(isSelecting ? "modSelectEnd" : "modSelect")}
          title={tc(isSelecting ? "modSelectEnd" : "modSelect")}
          aria-pressed={isSelecting}
          onClick={() => onSelecting(!isSelecting)}
        >
          <Icon icon={ListChecks} size={19} />
        </button>
      </div>
      {isOpen && <CaseFilters />}
    </>
  );
}

/** Selects every listed case, or none. */
function SelectAll() {
  const all = shownCases();
  const isAll = all.length > 0 && all.every(({ id }) => selected.value.has(id));
  return (
    <label class="mod-tick mod-select-all">
      <input
        type="checkbox"
        checked={isAll}
        onChange={() => {
          selected.value = new Set(isAll ? [] : all.map(({ id }) => id));
        }}
      />
      <span>{tc("modSelectAll")}</span>
    </label>
  );
}

/** Renders the list of cases with its filters, and the actions for selected cases. */
export function Queue({ openId }: { openId: string | null }) {
  const [isSelecting, setSelecting] = useState(false);
  const more = useAction(loadMoreCases);
  const focus = useFocusInList();
  const shown = shownCases();
  const choose = (is: boolean) => {
    setSelecting(is);
    selected.value = new Set();
  };
  return (
    <section class="mod-queue" aria-label={tc("modCases")}>
      <Head isSelecting={isSelecting} onSelecting={choose} />
      {isSelecting && shown.length > 0 && <SelectAll />}
      <div class="mod-queue-list">
        {cases.value === null && (queueFailure.value ? <Failed /> : <Skeleton lines={6} />)}
        {cases.value !== null && shown.length === 0 && <Empty />}
        {shown.length > 0 && (
          <>
            <p class="sr-only">{countedConsole("modCaseCount", shown.length)}</p>
            <ul ref={focus.list} class="mod-cases" onFocusIn={focus.onFocusIn} onFocusOut={focus.onFocusOut}>
              {shown.map((one) => (
                <CaseRow key={one.id} one={one} isOpen={one.id === openId} isSelecting={isSelecting} />
              ))}
            </ul>
          </>
        )}
        {nextCursor.value !== null && (
          <button type="button" class="button button-quiet mod-more" aria-disabled={more.isBusy} onClick={() => void more.act()}>
            {tc("modMore")}
          </button>
        )}
      </div>
      {isSelecting && <BulkBar count={selected.value.size} />}
    </section>
  );
}
