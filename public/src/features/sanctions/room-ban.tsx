import "../../styles/features/moderation-people.css";
import { Lock } from "lucide";
import { restrictionOf } from "../../../../utils/client/api-error.ts";
import type { ActionKind } from "../../../../utils/contract/schemas/moderation/actions.ts";
import { t } from "../../locales/index.ts";
import type { ModerationKey } from "../../locales/moderation/en.ts";
import { countedModeration, tm } from "../../locales/moderation/index.ts";
import { explainRestriction } from "../../locales/moderation/restrictions.ts";
import { Notice } from "../../shared/ui/notice.tsx";
import { outbox } from "../composer/outbox.ts";
import { currentRoomId } from "../room/current-room.ts";
import type { OpenRoom } from "../room/open-room.ts";
import { useAtEnd, useOwnRestriction } from "./own-restriction.ts";

const kinds = ["kick", "ban_room", "ban_lounge"] as const;

const titles: Partial<Record<ActionKind, ModerationKey>> = {
  kick: "sanctionNowKick",
  ban_room: "sanctionHereRoom",
  ban_lounge: "sanctionHereLounge",
};

/** Says that the user's unsent messages for this room are kept. */
function Unsent({ roomId }: { roomId: string }) {
  const count = outbox.value.filter((one) => one.roomId === roomId).length;
  return count === 0 ? null : <p>{countedModeration("sanctionUnsent", count)}</p>;
}

/** Replaces a room that the user was removed or banned from: why, until when, and the way to the decision. Without `room`, it was not opened. */
export function RoomBan({ room, isPage }: { room: OpenRoom | null; isPage: boolean }) {
  const roomId = room?.roomId ?? currentRoomId.value ?? "";
  const refusal = room?.refusal.value ?? null;
  const action = useOwnRestriction(roomId, kinds, refusal);
  const known = action ? { until: action.expiresAt, rule: action.rule } : refusal && restrictionOf(refusal);
  useAtEnd(known?.until ?? null, () => room?.reenter());
  return (
    <Notice isPage={isPage} icon={Lock} title={tm((action && titles[action.kind]) ?? "sanctionRoomTitle")}>
      {known && <p>{explainRestriction("room", known)}</p>}
      {action?.text && (
        <blockquote class="record-quote" dir="auto">
          {action.text}
        </blockquote>
      )}
      <Unsent roomId={roomId} />
      <a class="button button-main" href="/me/moderation">
        {tm("sanctionSee")}
      </a>
      <a class="button button-quiet" href="/lounges">
        {t("toLounges")}
      </a>
    </Notice>
  );
}
