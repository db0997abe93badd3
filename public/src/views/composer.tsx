import { SendHorizontal } from "lucide";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { limits } from "../../../utils/contract/limits.ts";
import { aheadOf, counted, explain, number, t } from "../locales/index.ts";
import { Icon } from "../parts/icon.tsx";
import { graphemesOf } from "../parts/rich-text.ts";
import { now } from "../state/clock.ts";
import { send } from "../state/connection.ts";
import { outbox, post } from "../state/outbox.ts";
import { draftOf, keepDraft } from "../state/reading.ts";
import type { OpenRoom } from "../state/room.ts";
import { isTouch, settings } from "../state/settings.ts";
import { sends } from "./send-key.ts";

const TYPING_EVERY_MS = 3_000;
const WARN_BEFORE = 200;
/** What the ids and names around a text may weigh. */
const FRAME_BYTES = 1_024;

const encoder = new TextEncoder();

/** A text of few but heavy letters may be within the limit and still not fit into one frame to the server. */
const isTooHeavy = (text: string): boolean =>
  text.length > limits.bodyBytes / 6 && encoder.encode(JSON.stringify(text)).length > limits.bodyBytes - FRAME_BYTES;

/** How many graphemes are left, once that is worth telling; counted only near the limit, for it is not free. */
function leftOf(text: string): number | null {
  if (text.length < limits.textGraphemes - WARN_BEFORE) return null;
  const left = limits.textGraphemes - graphemesOf(text.trim());
  return left <= WARN_BEFORE ? left : null;
}

/** Why writing is held up, and for how long. */
function Why({ room }: { room: OpenRoom }) {
  const { canSend, mutedUntil } = room.standing.value ?? { canSend: true, mutedUntil: null };
  if (!canSend)
    return (
      <p class="composer-why" role="status">
        {mutedUntil ? t("mutedUntil", { time: aheadOf(new Date(mutedUntil), now.value) }) : t("cannotSend")}
      </p>
    );
  const slowed = outbox.value.find((one) => one.roomId === room.roomId && one.state === "waiting" && one.failure === "rate_limited");
  if (!slowed) return null;
  const seconds = Math.max(1, Math.ceil(((slowed.retryAt ?? 0) - now.value) / 1_000));
  return (
    <p class="composer-why" aria-live="off">
      {t("slowDown", { seconds: number(seconds) })}
    </p>
  );
}

/** How much may still be written, or how much is too much. */
function Left({ left, isHeavy }: { left: number | null; isHeavy: boolean }) {
  if (left === null && !isHeavy) return null;
  const isOver = isHeavy || (left ?? 0) < 0;
  const words = left !== null && left < 0 ? t("tooLong", { count: number(-left) }) : counted("charactersLeft", left ?? 0);
  return (
    <span class={isOver ? "composer-left composer-over" : "composer-left"} role="status">
      {isHeavy && (left ?? 0) >= 0 ? explain("text_too_long") : words}
    </span>
  );
}

/** Says that one writes, at most every 3 s. */
function useTyping(roomId: string): (isWriting: boolean) => void {
  const saidAt = useRef(0);
  return (isWriting) => {
    const isDue = Date.now() - saidAt.current > TYPING_EVERY_MS;
    if (isWriting && !isDue) return;
    if (!isWriting && saidAt.current === 0) return;
    saidAt.current = isWriting ? Date.now() : 0;
    void send(isWriting ? "typing_start" : "typing_stop", { roomId }).catch(() => undefined);
  };
}

/** Where one writes: grows to eight lines, keeps what was begun in every room. */
export function Composer({ room, name, onSent }: { room: OpenRoom; name: string; onSent: () => void }) {
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState(() => draftOf(room.roomId));
  const typing = useTyping(room.roomId);
  const left = leftOf(text);
  const isHeavy = isTooHeavy(text);
  const isSilenced = room.standing.value?.canSend === false;
  const canSend = text.trim() !== "" && (left ?? 1) >= 0 && !isHeavy && !isSilenced;

  useEffect(() => {
    if (!isTouch.value) field.current?.focus();
  }, []);

  useLayoutEffect(() => {
    const element = field.current;
    if (!element) return;
    element.style.height = "auto";
    element.style.height = `${element.scrollHeight + 2}px`;
  }, [text]);

  const write = (next: string) => {
    setText(next);
    keepDraft(room.roomId, next);
    typing(next.trim() !== "");
  };
  const submit = () => {
    if (!canSend) return;
    post(room.roomId, text.trim());
    write("");
    onSent();
    field.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!sends(event, settings.value.enterSends && !isTouch.value)) return;
    event.preventDefault();
    submit();
  };

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Why room={room} />
      <div class="composer-box">
        <textarea
          ref={field}
          class="composer-field"
          rows={1}
          {...(text === "" ? {} : { dir: "auto" as const })}
          value={text}
          disabled={isSilenced}
          aria-label={t("composer", { room: name })}
          placeholder={t("composerHint", { room: name })}
          enterkeyhint={settings.value.enterSends && !isTouch.value ? "send" : "enter"}
          autocomplete="off"
          onInput={(event) => write(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        <Left left={left} isHeavy={isHeavy} />
        <button type="submit" class="composer-send" aria-label={t("send")} title={t("send")} disabled={!canSend}>
          <Icon icon={SendHorizontal} size={20} />
        </button>
      </div>
    </form>
  );
}
