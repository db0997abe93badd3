import { ChevronRight } from "lucide";
import { countedInbox } from "../../../locales/inbox/index.ts";
import { conversationPath, path } from "../../../shared/state/route.ts";
import { Icon } from "../../../shared/ui/icon.tsx";
import { ConversationLink } from "../conversation-link.tsx";
import { requests } from "../inbox.ts";

/** Lists pending message requests, collapsed by default. */
export function Requests({ isSmall = false }: { isSmall?: boolean }) {
  const waiting = requests.value;
  if (waiting.length === 0) return null;
  const isInside = waiting.some((one) => conversationPath(one.id) === path.value);
  return (
    <details class="conversation-requests" {...(isInside ? { open: true } : {})}>
      <summary>
        <Icon icon={ChevronRight} size={14} />
        <span>{countedInbox("requests", waiting.length)}</span>
      </summary>
      <ul>
        {waiting.map((one) => (
          <ConversationLink key={one.id} conversation={one} isSmall={isSmall} />
        ))}
      </ul>
    </details>
  );
}
