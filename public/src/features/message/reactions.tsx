import { SmilePlus } from "lucide";
import type { LiveMessageDto } from "../../../../utils/contract/schemas/messages.ts";
import { number } from "../../locales/index.ts";
import { conjunction } from "../../locales/intl.ts";
import { countedRoomText, tt } from "../../locales/room/index.ts";
import { Icon } from "../../shared/ui/icon.tsx";
import { namesOf } from "../people/user-cache.ts";
import { currentUser } from "../session/session.ts";
import { useConversationParts } from "./context.ts";
import { permissionsHere } from "./overlay/actions.ts";
import { toggle } from "./overlay/quick-emoji.tsx";
import { type Shown, shownReactions } from "./shown-reactions.ts";

const NAMED = 12;

/** Returns who reacted, the current user first: a limited number of known names, and how many more. */
function whoReacted({ isMine, others, count }: Shown): string {
  const names = [...(isMine ? [tt("youToo")] : []), ...namesOf(others)].slice(0, NAMED);
  const rest = count - names.length;
  const list = conjunction(document.documentElement.lang);
  return list.format(rest > 0 ? [...names, countedRoomText("moreReacted", rest)] : names);
}

function Chip({ message, shown, canReact }: { message: LiveMessageDto; shown: Shown; canReact: boolean }) {
  const parts = useConversationParts();
  const who = whoReacted(shown);
  return (
    <li>
      <button
        type="button"
        class="reaction"
        aria-pressed={shown.isMine}
        aria-label={`${shown.emoji} ${countedRoomText("reactions", shown.count)}: ${who}`}
        data-who={who}
        aria-disabled={!canReact}
        onClick={() => canReact && toggle(parts.room, message, shown.emoji)}
      >
        <span class="reaction-emoji">{shown.emoji}</span>
        <span class="reaction-count">{number(shown.count)}</span>
      </button>
    </li>
  );
}

/** Renders the reactions to a message, with the names on hover and focus. */
export function Reactions({ message, mine }: { message: LiveMessageDto; mine: ReadonlyMap<string, boolean> | undefined }) {
  const parts = useConversationParts();
  const shown = shownReactions(message.reactions, { myId: currentUser.value?.id ?? null, mine });
  if (shown.length === 0) return null;
  const { canReact } = permissionsHere(parts, message);
  return (
    <ul class="reactions">
      {shown.map((one) => (
        <Chip key={one.emoji} message={message} shown={one} canReact={canReact} />
      ))}
      {canReact && (
        <li>
          <button
            type="button"
            class="reaction reaction-add"
            aria-label={tt("react")}
            title={tt("react")}
            aria-haspopup="dialog"
            onClick={({ currentTarget }) => {
              const row = currentTarget.closest<HTMLElement>(".message");
              parts.over.value = { kind: "emoji", message, beside: currentTarget.getBoundingClientRect(), row };
            }}
          >
            <Icon icon={SmilePlus} size={15} />
          </button>
        </li>
      )}
    </ul>
  );
}
