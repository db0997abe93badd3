import "../../styles/features/inbox.css";
import { Ban, Flag, MessageCircle } from "lucide";
import type { ProfileDto } from "../../../../utils/contract/schemas/users.ts";
import { ti } from "../../locales/inbox/index.ts";
import { isolated, t } from "../../locales/index.ts";
import { reporting, showing, shownPerson, sidePanel } from "../../shared/state/dialogs.ts";
import { isWide } from "../../shared/state/settings.ts";
import { Icon } from "../../shared/ui/icon.tsx";
import { useAction } from "../../shared/ui/use-action.ts";
import { writeTo } from "../inbox/conversations.ts";
import { ConversationDenied } from "../inbox/requests/error-texts.tsx";
import { currentUser } from "../session/session.ts";
import { blockWithUndo, isBlocked, unblockPerson } from "./blocks.ts";

function closeDialogs(): void {
  shownPerson.value = null;
  showing.value = null;
  if (!isWide.value) sidePanel.value = null;
}

/** Renders the actions for a user: message them, block or unblock them. */
export function ProfileActions({ who }: { who: ProfileDto }) {
  const { id, displayName, avatarUrl, kind, role } = who;
  const write = useAction(async () => {
    await writeTo(who);
    closeDialogs();
  });
  const block = useAction(async () => {
    if (isBlocked(id)) return unblockPerson(id);
    await blockWithUndo({ id, displayName, avatarUrl, kind, role }, ti("blockedNow", { name: isolated(displayName) }), () => undefined);
    // An open dialog makes everything behind it inert, including the undo offer.
    closeDialogs();
  });
  const me = currentUser.value;
  if (!me || me.id === id) return null;
  return (
    <div class="profile-ways">
      {isBlocked(id) ? (
        <p class="profile-blocked" role="status">
          {ti("blockedByMe", { name: displayName })}
        </p>
      ) : (
        <button type="button" class="button button-main" aria-disabled={write.isBusy} onClick={() => void write.act()}>
          <Icon icon={MessageCircle} size={17} /> {ti("message")}
        </button>
      )}
      {me.kind !== "guest" && (
        <button type="button" class="button button-quiet" aria-disabled={block.isBusy} onClick={() => void block.act()}>
          <Icon icon={Ban} size={16} /> {isBlocked(id) ? ti("unblock") : ti("block")}
        </button>
      )}
      <button
        type="button"
        class="button button-quiet"
        onClick={() => {
          closeDialogs();
          reporting.value = { kind: "user", id, who: { id, displayName, avatarUrl, kind, role } };
        }}
      >
        <Icon icon={Flag} size={16} /> {t("report")}
      </button>
      <ConversationDenied refusal={write.refusal ?? block.refusal} />
    </div>
  );
}
