import "../../styles/form.css";
import { ti } from "../../locales/inbox/index.ts";
import { PeoplePicker } from "../people/people-picker.tsx";
import { nothingWanted, type Wanted, wanted } from "./search.ts";

/** Renders the search filters: author, dates, and links. */
export function Filters({ onChange }: { onChange: (change: Partial<Wanted>) => void }) {
  const { author, from, to, hasLink } = wanted.value;
  const hasAny = author !== null || from !== "" || to !== "" || hasLink;
  return (
    <div class="search-filters">
      <PeoplePicker
        label={ti("fromHint")}
        chosen={author ? [author] : []}
        most={1}
        leftOut={() => false}
        onChange={(chosen) => onChange({ author: chosen.at(-1) ?? null })}
      />
      <div class="search-dates">
        {(["from", "to"] as const).map((end) => (
          <label key={end}>
            <span class="form-label">{end === "from" ? ti("since") : ti("until")}</span>
            <input
              type="date"
              class="field"
              value={end === "from" ? from : to}
              onChange={(event) => onChange({ [end]: event.currentTarget.value })}
            />
          </label>
        ))}
      </div>
      <label class="setting setting-switch">
        <span>{ti("hasLink")}</span>
        <input
          type="checkbox"
          class="toggle"
          role="switch"
          aria-checked={hasLink}
          checked={hasLink}
          onChange={(event) => onChange({ hasLink: event.currentTarget.checked })}
        />
      </label>
      {hasAny && (
        <button
          type="button"
          class="text-button"
          onClick={() => onChange({ ...nothingWanted, q: wanted.peek().q, isHere: wanted.peek().isHere })}
        >
          {ti("clearFilters")}
        </button>
      )}
    </div>
  );
}
