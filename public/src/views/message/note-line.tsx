import { Check, TriangleAlert } from "lucide";
import { Icon } from "../../parts/icon.tsx";
import { note } from "../../state/notes.ts";

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
