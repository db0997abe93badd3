import { Pencil, Reply, X } from "lucide";
import { isLive } from "../../../../utils/client/rooms/room-log.ts";
import { hasLink } from "../../../../utils/contract/text/links.ts";
import { counted, number, t } from "../../locales/index.ts";
import { countedRoomText, tt } from "../../locales/room/index.ts";
import { now } from "../../shared/state/clock.ts";
import { previewOf } from "../../shared/text/preview.ts";
import { shownName } from "../../shared/text/shown-name.ts";
import { Icon } from "../../shared/ui/icon.tsx";
import type { OpenRoom } from "../room/open-room.ts";
import { RoomRestriction } from "../sanctions/restriction-notice.ts";
import { currentUser } from "../session/session.ts";
import type { Writing } from "./composer-state.ts";
import type { LengthLeft } from "./message-length.ts";
import { outbox } from "./outbox.ts";

/** Returns when slow mode allows the user to send again, in ms since 1970; 0 if it does not apply. */
export function slowUntil(room: OpenRoom): number {
  const { slowModeMs = 0, kind } = room.room.value ?? {};
  const me = currentUser.value;
  const isStaff = kind === "language" && (me?.role === "moderator" || me?.role === "admin");
  if (slowModeMs === 0 || isStaff) return 0;
  const rejected = outbox.value.find((one) => one.roomId === room.roomId && one.state === "waiting" && one.failure === "slow_mode");
  const last = room.log.value.items.findLast((one) => isLive(one) && one.author.id === me?.id);
  const lastAt = last && isLive(last) ? Date.parse(last.createdAt) : 0;
  return Math.max(rejected?.retryAt ?? 0, lastAt + slowModeMs);
}

const secondsTo = (moment: number): string => number(Math.max(1, Math.ceil((moment - now.value) / 1_000)));

/** Explains why sending is blocked, and for how long. */
export function Why({ room }: { room: OpenRoom }) {
  if (room.standing.value?.canSend === false) return <RoomRestriction of="composer" room={room} />;
  const slow = slowUntil(room);
  const slowed = outbox.value.find((one) => one.roomId === room.roomId && one.state === "waiting" && one.failure === "rate_limited");
  const isSlow = slow > 0 && slow > now.value;
  if (!isSlow && !slowed) return null;
  return (
    <p class="composer-why" aria-live="off">
      {isSlow ? tt("slowMode", { seconds: secondsTo(slow) }) : t("slowDown", { seconds: secondsTo(slowed?.retryAt ?? 0) })}
    </p>
  );
}

const lengthWords = ({ kind, left }: LengthLeft): string => {
  if (kind === "emoji") return `${countedRoomText(left < 0 ? "emojiOver" : "emojiLeft", Math.abs(left))} ${tt("emojiCost")}`;
  return left < 0 ? counted("charactersOver", -left) : counted("charactersLeft", left);
};

/** Whether a text contains a link that its author may not send, by the server's rule. */
export const isLinkOfGuest = (text: string): boolean => currentUser.value?.kind === "guest" && hasLink(text);

/** Shows below the text how much more fits, and what the server would reject. */
export function Foot({ length, needsAccount }: { length: LengthLeft | null; needsAccount: boolean }) {
  return (
    <div id="composer-foot" class="composer-foot" role="status">
      {needsAccount && (
        <p class="composer-over">
          {tt("noLinks")}{" "}
          <a class="text-button" href="/signup">
            {t("createAccount")}
          </a>
        </p>
      )}
      {length && <p class={length.left < 0 ? "composer-left composer-over" : "composer-left"}>{lengthWords(length)}</p>}
    </div>
  );
}

/** Shows that the composer is replying to or editing a message, and how to cancel. */
export function Purpose({ writing, onLeave }: { writing: Writing; onLeave: () => void }) {
  if (!writing) return null;
  const isReply = writing.kind === "reply";
  const label = tt(isReply ? "cancelReply" : "cancelEdit");
  return (
    <div class="composer-purpose">
      <Icon icon={isReply ? Reply : Pencil} size={15} />
      <p role="status">
        <span class="composer-purpose-what">{isReply ? tt("replyingTo", { name: shownName(writing.to.author) }) : tt("editing")}</span>
        {isReply && <bdi class="composer-purpose-text">{previewOf(writing.to.text, writing.to.mentions)}</bdi>}
      </p>
      <button type="button" class="icon-button" aria-label={label} title={`${label} (Esc)`} onClick={onLeave}>
        <Icon icon={X} size={17} />
      </button>
    </div>
  );
}
