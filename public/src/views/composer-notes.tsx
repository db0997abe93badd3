import { Pencil, Reply, X } from "lucide";
import { isLive } from "../../../utils/client/room-log.ts";
import { limits } from "../../../utils/contract/limits.ts";
import { aheadOf, counted, explain, number, t } from "../locales/index.ts";
import { tt } from "../locales/talk/index.ts";
import { Icon } from "../parts/icon.tsx";
import { graphemesOf } from "../parts/letters.ts";
import { plainOf } from "../parts/plain-text.ts";
import { now } from "../state/clock.ts";
import { outbox } from "../state/outbox.ts";
import type { OpenRoom } from "../state/room.ts";
import { myself } from "../state/session.ts";
import type { Writing } from "../state/writing.ts";

const WARN_BEFORE = 200;
/** What the ids and names around a text may weigh. */
const FRAME_BYTES = 1_024;

const encoder = new TextEncoder();

/** A text of few but heavy letters may be within the limit and still not fit into one frame to the server. */
export const isTooHeavy = (text: string): boolean =>
  text.length > limits.bodyBytes / 6 && encoder.encode(JSON.stringify(text)).length > limits.bodyBytes - FRAME_BYTES;

/** How many graphemes are left, once that is worth telling; counted only near the limit, for it is not free. */
export function leftOf(text: string): number | null {
  if (text.length < limits.textGraphemes - WARN_BEFORE) return null;
  const left = limits.textGraphemes - graphemesOf(text.trim());
  return left <= WARN_BEFORE ? left : null;
}

/** Until when slow mode keeps one from writing again, in ms since 1970; 0 where it does not. */
export function slowUntil(room: OpenRoom): number {
  const { slowModeMs = 0, kind } = room.room.value ?? {};
  const me = myself.value;
  const isStaff = kind === "language" && (me?.role === "moderator" || me?.role === "admin");
  if (slowModeMs === 0 || isStaff) return 0;
  const refused = outbox.value.find((one) => one.roomId === room.roomId && one.state === "waiting" && one.failure === "slow_mode");
  const last = room.log.value.items.findLast((one) => isLive(one) && one.author.id === me?.id);
  const lastAt = last && isLive(last) ? Date.parse(last.createdAt) : 0;
  return Math.max(refused?.retryAt ?? 0, lastAt + slowModeMs);
}

const secondsTo = (moment: number): string => number(Math.max(1, Math.ceil((moment - now.value) / 1_000)));

/** Why writing is held up, and for how long. */
export function Why({ room }: { room: OpenRoom }) {
  const { canSend, mutedUntil } = room.standing.value ?? { canSend: true, mutedUntil: null };
  if (!canSend)
    return (
      <p class="composer-why" role="status">
        {mutedUntil ? t("mutedUntil", { time: aheadOf(new Date(mutedUntil), now.value) }) : t("cannotSend")}
      </p>
    );
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

/** How much may still be written, or how much is too much. */
export function Left({ left, isHeavy }: { left: number | null; isHeavy: boolean }) {
  if (left === null && !isHeavy) return null;
  const isOver = isHeavy || (left ?? 0) < 0;
  const words = left !== null && left < 0 ? t("tooLong", { count: number(-left) }) : counted("charactersLeft", left ?? 0);
  return (
    <span class={isOver ? "composer-left composer-over" : "composer-left"} role="status">
      {isHeavy && (left ?? 0) >= 0 ? explain("text_too_long") : words}
    </span>
  );
}

/** What the composer is at besides something new, and the way out of it. */
export function Purpose({ writing, onLeave }: { writing: Writing; onLeave: () => void }) {
  if (!writing) return null;
  const isReply = writing.kind === "reply";
  const label = tt(isReply ? "stopReplying" : "stopEditing");
  return (
    <div class="composer-purpose">
      <Icon icon={isReply ? Reply : Pencil} size={15} />
      <p role="status">
        <span class="composer-purpose-what">{isReply ? tt("replyingTo", { name: writing.to.author.displayName }) : tt("editing")}</span>
        {isReply && <bdi class="composer-purpose-text">{plainOf(writing.to.text)}</bdi>}
      </p>
      <button type="button" class="icon-button" aria-label={label} title={`${label} (Esc)`} onClick={onLeave}>
        <Icon icon={X} size={17} />
      </button>
    </div>
  );
}
