import type { ActionDto } from "../../../../utils/contract/schemas/moderation/actions.ts";
import { t } from "../../locales/index.ts";
import { tm } from "../../locales/moderation/index.ts";
import { explainRestriction } from "../../locales/moderation/restrictions.ts";
import type { OpenRoom } from "../room/open-room.ts";
import { useAtEnd, useOwnRestriction } from "./own-restriction.ts";

const kinds = ["mute", "require_phone"] as const;

function reasonOf(action: ActionDto | null | undefined, mutedUntil: string | null): string {
  if (action?.kind === "require_phone") return tm("sanctionRequirePhoneText");
  if (action) return explainRestriction("muted", { until: action.expiresAt, rule: action.rule });
  return mutedUntil === null ? t("cannotSend") : explainRestriction("muted", { until: mutedUntil, rule: "" });
}

/** Explains above the composer why the user cannot send messages and until when. Asks the server again when that is over. */
export function SendingDenied({ room }: { room: OpenRoom }) {
  const mutedUntil = room.standing.value?.mutedUntil ?? null;
  const action = useOwnRestriction(room.roomId, kinds, room.standing.value);
  useAtEnd(mutedUntil, room.reenter);
  return (
    <p class="composer-why" role="status">
      {reasonOf(action, mutedUntil)}{" "}
      {action?.kind === "require_phone" && (
        <a class="text-button" href="/settings/security">
          {t("confirmPhone")}
        </a>
      )}{" "}
      {(action || mutedUntil !== null) && (
        <a class="text-button" href="/me/moderation">
          {tm("sanctionSee")}
        </a>
      )}
    </p>
  );
}
