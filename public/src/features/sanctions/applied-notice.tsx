import "../../styles/features/inbox.css";
import "../../styles/features/moderation-people.css";
import { Scale, X } from "lucide";
import { useEffect } from "preact/hooks";
import type { ActionDto } from "../../../../utils/contract/schemas/moderation/actions.ts";
import { t } from "../../locales/index.ts";
import { tm } from "../../locales/moderation/index.ts";
import { ruleName } from "../../locales/moderation/rules.ts";
import { appliedAction } from "../../shared/state/dialogs.ts";
import { route } from "../../shared/state/route.ts";
import { Icon } from "../../shared/ui/icon.tsx";
import { currentRoomId } from "../room/current-room.ts";
import { isRestriction } from "./action-state.ts";
import { actionNow, scopeName } from "./action-text.ts";
import { appliesIn } from "./own-restriction.ts";

const dismiss = (): void => {
  appliedAction.value = null;
};

/** Whether the open room explains the action itself, above the composer or instead of the messages; a ban replaces every page. */
function isExplainedHere(action: ActionDto): boolean {
  const roomId = currentRoomId.value;
  if (action.kind === "ban_site" && action.revertedAt === null) return true;
  return roomId !== null && action.revertedAt === null && isRestriction(action) && appliesIn(action, roomId);
}

/** Tells the user about an action that concerns them, at the edge of the page. It stays until they dismiss it or open the details. */
export function AppliedNotice({ action }: { action: ActionDto }) {
  const here = route.value;
  const isShown = isExplainedHere(action) || (here.name === "record" && here.page === "moderation");
  useEffect(() => {
    if (isShown) dismiss();
  }, [isShown]);
  if (isShown) return null;
  return (
    <div class="toasts applied" role="status">
      <div class="toast-card">
        <a class="toast-link" href="/me/moderation" onClick={dismiss}>
          <span class="notification-title">
            <Icon icon={Scale} size={14} />
            <strong>{actionNow(action)}</strong>
          </span>
          <span class="toast-where">
            {ruleName(action.rule)} · <bdi>{scopeName(action.scope)}</bdi>
          </span>
          {action.text && action.revertedAt === null && (
            <span class="notification-excerpt" dir="auto">
              {action.text}
            </span>
          )}
          <span class="applied-more">{tm("sanctionSee")}</span>
        </a>
        <button type="button" class="icon-button" aria-label={t("close")} title={t("close")} onClick={dismiss}>
          <Icon icon={X} size={16} />
        </button>
      </div>
    </div>
  );
}
