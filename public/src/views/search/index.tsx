import "../../styles/inbox.css";
import "../../styles/search.css";
import { Search, SearchX, ServerOff, SlidersHorizontal } from "lucide";
import { useEffect, useRef, useState } from "preact/hooks";
import { countedInbox, ti } from "../../locales/inbox/index.ts";
import { explain, t } from "../../locales/index.ts";
import { Icon } from "../../parts/icon.tsx";
import { Notice } from "../../parts/notice.tsx";
import { Skeleton } from "../../parts/skeleton.tsx";
import { hereRoomId } from "../../state/here.ts";
import {
  failure,
  forgetOthersSearch,
  found,
  isEmpty,
  nextCursor,
  phase,
  search,
  searchOn,
  type Wanted,
  wanted,
} from "../../state/search.ts";
import { isTouch } from "../../state/settings.ts";
import { Filters } from "./filters.tsx";
import { Results } from "./results.tsx";

const WAIT_MS = 350;

/** Looks once the typing rests, or at once on Enter. */
function useSearch() {
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const now = () => {
    clearTimeout(timer.current);
    void search(hereRoomId.peek());
  };
  const change = (next: Partial<Wanted>, isTyped = false) => {
    wanted.value = { ...wanted.peek(), ...next };
    clearTimeout(timer.current);
    timer.current = setTimeout(now, isTyped ? WAIT_MS : 0);
  };
  return { now, change };
}

function Scope({ onChange }: { onChange: (isHere: boolean) => void }) {
  if (hereRoomId.value === null) return null;
  return (
    <fieldset class="search-scope">
      <legend class="sr-only">{ti("where")}</legend>
      {([false, true] as const).map((isHere) => (
        <label key={String(isHere)}>
          <input type="radio" name="scope" class="sr-only" checked={wanted.value.isHere === isHere} onChange={() => onChange(isHere)} />
          <span>{isHere ? ti("here") : ti("everywhere")}</span>
        </label>
      ))}
    </fieldset>
  );
}

function Outcome({ onRetry }: { onRetry: () => void }) {
  if (phase.value === "failed")
    return (
      <Notice icon={ServerOff} title={ti("searchFailed")} text={explain(failure.value?.code ?? "network")}>
        <button type="button" class="button button-main" onClick={onRetry}>
          {t("retry")}
        </button>
      </Notice>
    );
  if (found.value.length > 0) return <Results messages={found.value} />;
  if (phase.value === "searching") return <Skeleton lines={4} />;
  if (isEmpty(wanted.value)) return <Notice icon={Search} title={ti("searchStart")} text={ti("searchStartHint")} />;
  return phase.value === "done" ? <Notice icon={SearchX} title={ti("searchNone")} text={ti("searchNoneHint")} /> : null;
}

/** Finds what was said, in all one may read. */
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
  const words = phase.value === "done" ? (count === 0 ? ti("searchNone") : countedInbox("found", count)) : "";
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
        {words}
      </p>
      <Outcome onRetry={now} />
      {nextCursor.value !== null && phase.value === "done" && (
        <button type="button" class="button button-quiet search-more" onClick={() => void searchOn(hereRoomId.peek())}>
          {ti("more")}
        </button>
      )}
    </search>
  );
}
