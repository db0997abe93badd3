import { Check, TriangleAlert } from "lucide";
import { note } from "../../../shared/state/toast.ts";
import { Icon } from "../../../shared/ui/icon.tsx";

/** What just happened, in one short sentence above where one writes. */
export function NoteLine() {
  const shown = note.value;
  return (
    <div class="note-line" role="status">
      {shown && (
        <span class={shown.isBad ? "note note-bad" : "note"}>
          <Icon icon={shown.isBad ? TriangleAlert : Check} size={15} />
          {shown.text}
        </span>
      )}
    </div>
  );
}
