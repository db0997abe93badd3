import "../../styles/features/inbox.css";
import "../../styles/features/search.css";
import { Search, SearchX, ServerOff, SlidersHorizontal } from "lucide";
import { useEffect, useRef, useState } from "preact/hooks";
import { countedInbox, ti } from "../../locales/inbox/index.ts";
import { explain, t } from "../../locales/index.ts";
import { isTouch } from "../../shared/state/settings.ts";
import { Icon } from "../../shared/ui/icon.tsx";
import { Notice } from "../../shared/ui/notice.tsx";
import { Skeleton } from "../../shared/ui/skeleton.tsx";
import { currentRoomId } from "../room/current-room.ts";
import { Filters } from "./filters.tsx";
import { Results } from "./results.tsx";
import {
  failure,
  finding,
  forgetOthersSearch,
  found,
  isEmpty,
  nextCursor,
  phase,
  search,
  searchOn,
  type Wanted,
  wanted,
} from "./search.ts";

const WAIT_MS = 350;

/** Searches once typing pauses, or immediately on Enter. */
function useSearch() {
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const now = () => {
    clearTimeout(timer.current);
    void search(currentRoomId.peek());
  };
  const change = (next: Partial<Wanted>, isTyped = false) => {
    wanted.value = { ...wanted.peek(), ...next };
    clearTimeout(timer.current);
    timer.current = setTimeout(now, isTyped ? WAIT_MS : 0);
  };
  return { now, change };
}

function Scope({ onChange }: { onChange: (isHere: boolean) => void }) {
  if (currentRoomId.value === null) return null;
  return (
    <fieldset class="search-scope">
      <legend class="sr-only">{ti("where")}</legend>
      {([false, true] as const).map((isHere) => (
        <label key={String(isHere)}>
          <input type="radio" name="scope" class="sr-only" checked={wanted.value.isHere === isHere} onChange={() => onChange(isHere)} />
          <span class="search-scope-name">{isHere ? ti("here") : ti("everywhere")}</span>
        </label>
      ))}
    </fieldset>
  );
}

/** Texts for searches without results, or that failed. */
const notices = {
  busy: () => ({ icon: ServerOff, title: ti("searchBusy"), text: ti("searchBusyHint") }),
  failed: () => ({ icon: ServerOff, title: ti("searchFailed"), text: explain(failure.value?.code ?? "network") }),
  partial: () => ({ icon: Search, title: ti("searchPartial"), text: ti("searchPartialHint") }),
  none: () => ({ icon: SearchX, title: ti("searchNone"), text: ti("searchNoneHint") }),
} as const;

function Outcome({ onRetry }: { onRetry: () => void }) {
  const messages = found.value;
  const what = finding.value;
  if (messages.length === 0 && phase.value === "searching") return <Skeleton lines={4} />;
  if (messages.length === 0 && isEmpty(wanted.value))
    return <Notice icon={Search} title={ti("searchStart")} text={ti("searchStartHint")} />;
  return (
    <>
      {messages.length > 0 && <Results messages={messages} />}
      {what !== null && (
        <Notice {...notices[what]()}>
          {phase.value === "failed" && (
            <button type="button" class="button button-main" onClick={onRetry}>
              {t("retry")}
            </button>
          )}
        </Notice>
      )}
    </>
  );
}

/** Searches messages in all rooms and conversations that the user may read. */
export function SearchPanel() {
  const { now, change } = useSearch();
  const [hasFilters, setFilters] = useState(() => wanted.peek().author !== null || wanted.peek().from !== "" || wanted.peek().hasLink);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    forgetOthersSearch();
    if (!isTouch.value || found.peek().length === 0) field.current?.select();
    field.current?.focus();
  }, []);
  const count = found.value.length;
  const what = finding.value;
  const status = what !== null ? notices[what]().title : phase.value === "done" ? countedInbox("found", count) : "";
  /** Retries a failed further page and keeps the results; otherwise searches again. */
  const retry = () => (count > 0 ? void searchOn(currentRoomId.peek()) : now());
  return (
    <search class="search">
      <form
        class="search-form"
        onSubmit={(event) => {
          event.preventDefault();
          now();
        }}
      >
        <div class="search-row">
          <div class="search-field">
            <Icon icon={Search} size={17} />
            <input
              ref={field}
              type="search"
              dir="auto"
              aria-label={ti("searchHint")}
              placeholder={ti("searchHint")}
              autocomplete="off"
              enterkeyhint="search"
              maxLength={300}
              value={wanted.value.q}
              onInput={(event) => change({ q: event.currentTarget.value }, true)}
            />
          </div>
          <button
            type="button"
            class="icon-button"
            aria-label={ti("filters")}
            title={ti("filters")}
            aria-expanded={hasFilters}
            onClick={() => setFilters(!hasFilters)}
          >
            <Icon icon={SlidersHorizontal} size={18} />
          </button>
        </div>
        <Scope onChange={(isHere) => change({ isHere })} />
        {hasFilters && <Filters onChange={change} />}
      </form>
      <p class="search-count" role="status">
        {status}
      </p>
      <Outcome onRetry={retry} />
      {nextCursor.value !== null && phase.value === "done" && (
        <button type="button" class="button button-quiet search-more" onClick={() => void searchOn(currentRoomId.peek())}>
          {ti("more")}
        </button>
      )}
    </search>
  );
}
