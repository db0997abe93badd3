import { Star } from "lucide";
import { toApiError } from "../../api.ts";
import { ti } from "../../locales/inbox/index.ts";
import { explain } from "../../locales/index.ts";
import { showToast } from "../../shared/state/toast.ts";
import { Icon } from "../../shared/ui/icon.tsx";
import { useAction } from "../../shared/ui/use-action.ts";
import { type RoomAddress, roomLabel } from "./lounges.ts";
import { isStarred, setStar } from "./own-rooms.ts";

/** Stars a room or removes its star; shows why if the server rejects it. */
export const toggleStar = (roomId: string): Promise<void> =>
  setStar(roomId, !isStarred(roomId)).catch((error: unknown) => showToast(explain(toApiError(error).code), { isBad: true }));

/**
 * Renders the button that stars a room or removes its star, labeled accordingly. Set `isBeside` if it belongs to an item of a list that is
 * one tab stop.
 */
export function StarButton({ place, look, isBeside = false }: { place: RoomAddress; look: string; isBeside?: boolean }) {
  const isOn = isStarred(place.room.id);
  const toggle = useAction(() => toggleStar(place.room.id));
  const label = ti(isOn ? "unstar" : "star", { room: roomLabel(place) });
  return (
    <button
      type="button"
      class={`${look} star${isOn ? " star-on" : ""}`}
      aria-label={label}
      title={label}
      {...(isBeside ? { "data-beside": true } : {})}
      onClick={() => void toggle.act()}
    >
      <Icon icon={Star} size={isBeside ? 15 : 19} />
    </button>
  );
}
