import { ArrowUp, X } from "lucide";
import { useState } from "preact/hooks";
import { countedInbox, ti } from "../../locales/inbox/index.ts";
import { number } from "../../locales/index.ts";
import { Icon } from "../../shared/ui/icon.tsx";
import type { LogView } from "../message-list/list-view.ts";

/** Shows the number of new messages above the visible part, and leads to the first. */
export function UnreadPill({ view }: { view: LogView }) {
  const [isBusy, setBusy] = useState(false);
  const { count, isAll } = view.newAbove.value;
  if (count === 0) return null;
  const reach = async () => {
    setBusy(true);
    await view.reachUnread();
    setBusy(false);
  };
  return (
    <div class="log-unread">
      <button type="button" aria-disabled={isBusy} onClick={() => void reach()}>
        <Icon icon={ArrowUp} size={16} />
        <span>
          {countedInbox("newSinceLeft", count, isAll ? {} : { count: `${number(count)}+` })} · {ti("firstUnread")}
        </span>
      </button>
      <button type="button" class="log-unread-close" aria-label={ti("dismiss")} title={ti("dismiss")} onClick={view.read}>
        <Icon icon={X} size={15} />
      </button>
    </div>
  );
}
