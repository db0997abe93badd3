import { Check, TriangleAlert } from "lucide";
import { toast } from "../../../shared/state/toast.ts";
import { Icon } from "../../../shared/ui/icon.tsx";

/** Shows the current toast in one short sentence above the composer. */
export function StatusMessage() {
  const shown = toast.value;
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
