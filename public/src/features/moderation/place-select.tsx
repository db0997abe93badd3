import type { ScopeDto } from "../../../../utils/contract/schemas/moderation/actions.ts";
import { tc } from "../../locales/moderation/console/index.ts";
import { lounges, roomLabel } from "../lobby/lounges.ts";
import { isSiteStaff, moderatesLounge } from "./access.ts";

const keyOf = ({ kind, id }: ScopeDto): string => (id === null ? kind : `${kind}:${id}`);

function scopeOf(value: string): ScopeDto {
  const [kind, id] = value.split(":");
  return kind === "room" || kind === "lounge" ? { kind, id: id ?? null } : { kind: "site", id: null };
}

/** Returns the widest scope that the current user may choose. */
export function widestScope(): ScopeDto {
  if (isSiteStaff()) return { kind: "site", id: null };
  const lounge = lounges.value?.find(({ id }) => moderatesLounge(id));
  return lounge ? { kind: "lounge", id: lounge.id } : { kind: "site", id: null };
}

type PlaceProps = { id: string; label: string; chosen: ScopeDto; onChange: (scope: ScopeDto) => void };

/** Chooses the site, a lounge or a room, of those that the user moderates. */
export function PlaceSelect({ id, label, chosen, onChange }: PlaceProps) {
  const moderated = (lounges.value ?? []).filter((lounge) => moderatesLounge(lounge.id));
  const value = keyOf(chosen);
  return (
    <div class="form-field">
      <label class="form-label" for={id}>
        {label}
      </label>
      <select id={id} class="field" value={value} onChange={({ currentTarget }) => onChange(scopeOf(currentTarget.value))}>
        {isSiteStaff() && (
          <option value="site" selected={value === "site"}>
            {tc("modWhere_site")}
          </option>
        )}
        {moderated.map((lounge) => (
          <optgroup key={lounge.id} label={lounge.name}>
            <option value={`lounge:${lounge.id}`} selected={value === `lounge:${lounge.id}`}>
              {lounge.name}
            </option>
            {lounge.rooms.map((room) => (
              <option key={room.id} value={`room:${room.id}`} selected={value === `room:${room.id}`}>
                {roomLabel({ lounge, room })}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
    </div>
  );
}
