import type { CaseDto } from "../../../../../utils/contract/schemas/moderation/cases.ts";
import { languageNamed } from "../../../locales/index.ts";
import { compareNames } from "../../../locales/intl.ts";
import { tc } from "../../../locales/moderation/console/index.ts";
import { lounges, roomLabel } from "../../lobby/lounges.ts";
import { moderatesLounge } from "../access.ts";
import { Select } from "../fields.tsx";
import { houseRules, reasonName } from "../texts.ts";
import { type Filters, noFilters } from "./case-list.ts";
import { changeFilters, filters } from "./queue-state.ts";

const kinds: readonly CaseDto["kind"][] = ["report", "rule", "held", "dispute"];
const states: readonly Filters["state"][] = ["todo", "open", "claimed", "resolved"];

const stateLabel = (state: Filters["state"]): string => (state === "todo" ? tc("modTodo") : tc(`modState_${state}`));

/** Returns the number of filters besides the state that are set. */
export const activeFilters = ({ kind, reason, roomId, languageCode }: Filters): number =>
  [kind, reason, roomId, languageCode].filter((value) => value !== "").length;

const moderatedRooms = () =>
  (lounges.value ?? [])
    .filter(({ id }) => moderatesLounge(id))
    .flatMap((lounge) => lounge.rooms.map((room) => ({ value: room.id, label: roomLabel({ lounge, room }), code: room.languageCode })));

function languageOptions(): { value: string; label: string }[] {
  const codes = new Set(moderatedRooms().flatMap(({ code }) => code ?? []));
  return [...codes].map((value) => ({ value, label: languageNamed(value) })).sort((a, b) => compareNames(a.label, b.label));
}

/** Chooses between what is to do, and decided cases. */
export const StateFilter = () => (
  <Select
    id="filter-state"
    label={tc("modFilterState")}
    options={states.map((value) => ({ value, label: stateLabel(value) }))}
    chosen={filters.value.state}
    onChange={(state) => changeFilters({ state })}
  />
);

/** Renders the filters by kind, reason, room and language. */
export function CaseFilters() {
  const { kind, reason, roomId, languageCode } = filters.value;
  return (
    <div class="mod-filters" id="mod-filters">
      <Select<Filters["kind"]>
        id="filter-kind"
        label={tc("modFilterKind")}
        options={[{ value: "", label: tc("modAnyKind") }, ...kinds.map((value) => ({ value, label: tc(`modKind_${value}`) }))]}
        chosen={kind}
        onChange={(value) => changeFilters({ kind: value })}
      />
      <Select<Filters["reason"]>
        id="filter-reason"
        label={tc("modFilterReason")}
        options={[{ value: "", label: tc("modAnyReason") }, ...houseRules.map((value) => ({ value, label: reasonName(value) }))]}
        chosen={reason}
        onChange={(value) => changeFilters({ reason: value })}
      />
      <Select
        id="filter-room"
        label={tc("modFilterRoom")}
        options={[{ value: "", label: tc("modAnyRoom") }, ...moderatedRooms()]}
        chosen={roomId}
        onChange={(value) => changeFilters({ roomId: value })}
      />
      <Select
        id="filter-language"
        label={tc("modFilterLanguage")}
        options={[{ value: "", label: tc("modAnyLanguage") }, ...languageOptions()]}
        chosen={languageCode}
        onChange={(value) => changeFilters({ languageCode: value })}
      />
      {activeFilters(filters.value) > 0 && (
        <button type="button" class="text-button" onClick={() => changeFilters({ ...noFilters, state: filters.peek().state })}>
          {tc("modClearFilters")}
        </button>
      )}
    </div>
  );
}
