import { SendHorizontal } from "lucide";
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { PendingMessage } from "../../../../utils/client/sending/pending-message.ts";
import { explain, isolated, t } from "../../locales/index.ts";
import { tn } from "../../locales/notifications/index.ts";
import { onServerEvent } from "../../shared/connection/server-events.ts";
import { shownName } from "../../shared/text/shown-name.ts";
import { Icon } from "../../shared/ui/icon.tsx";
import { draftOf, keepDraft } from "../composer/drafts.ts";
import { cancel, outbox, post, retry } from "../composer/outbox.ts";
import { sends } from "../composer/send-key.ts";
import type { MessageNotification } from "./notifications.ts";
import { readNotifications } from "./notifications-sync.ts";

const draftKey = ({ id }: MessageNotification): string => `note-${id}`;

/** Whether there is an unsent reply to a notification. */
export const hasReplyDraft = (note: MessageNotification): boolean => draftOf(draftKey(note)) !== "";

/** Whether a message awaits review: the server publishes that to all devices of its author. */
function useIsHeld(clientMessageId: string | null): boolean {
  const [heldId, setHeldId] = useState<string | null>(null);
  useEffect(() => onServerEvent("message_held", ({ message }) => setHeldId(message.clientMessageId)), []);
  return clientMessageId !== null && heldId === clientMessageId;
}

type OnWayProps = { message: PendingMessage; onEdit: () => void; onDiscard: () => void };

/** Shows the state of a reply that has not reached the server, and the options for a rejected one. */
function OnWay({ message, onEdit, onDiscard }: OnWayProps) {
  const { state, failure, clientMessageId, text } = message;
  if (state !== "failed")
    return (
      <p class="notification-reply-state" role="status">
        {tn(state === "sending" ? "sending" : "waiting")}
      </p>
    );
  return (
    <div class="notification-reply-failed" role="alert">
      <p>
        <strong>{explain(failure ?? "internal")}</strong> <span dir="auto">{text}</span>
      </p>
      <button type="button" class="text-button" onClick={() => retry(clientMessageId)}>
        {t("retry")}
      </button>
      <button type="button" class="text-button" onClick={onEdit}>
        {tn("edit")}
      </button>
      <button type="button" class="text-button" onClick={onDiscard}>
        {tn("discard")}
      </button>
    </div>
  );
}

function useReply(note: MessageNotification) {
  const [text, setText] = useState(() => draftOf(draftKey(note)));
  const [sentId, setSentId] = useState<string | null>(null);
  const onWay = outbox.value.find((one) => one.clientMessageId === sentId) ?? null;
  const isHeld = useIsHeld(sentId);
  const write = (next: string) => {
    setText(next);
    keepDraft(draftKey(note), next);
  };
  const send = () => {
    const words = text.trim();
    if (words === "") return;
    const message = post(note.roomId, words, { replyToId: note.messageId });
    if (!message) return;
    setSentId(message.clientMessageId);
    write("");
    readNotifications([note.id]);
  };
  /** Withdraws a rejected reply, back into the field or for good. */
  const takeBack = (next: string) => {
    if (sentId) cancel(sentId);
    setSentId(null);
    write(next);
  };
  return { text, write, send, onWay, takeBack, isSent: sentId !== null && onWay === null, isHeld };
}

type LineProps = {
  label: string;
  text: string;
  field: RefObject<HTMLInputElement | null>;
  onWrite: (text: string) => void;
  onSend: () => void;
  onClose: () => void;
};

function Line({ label, text, field, onWrite, onSend, onClose }: LineProps) {
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape" && !event.isComposing) {
      event.preventDefault();
      event.stopPropagation();
      onClose();
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (sends(event, true)) onSend();
    }
  };
  return (
    <div class="notification-reply-line">
      <input
        ref={field}
        type="text"
        class="field"
        dir="auto"
        autocomplete="off"
        aria-label={label}
        placeholder={label}
        value={text}
        onInput={(event) => onWrite(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <button type="submit" class="icon-button" aria-label={t("send")} title={t("send")} disabled={text.trim() === ""}>
        <Icon icon={SendHorizontal} size={18} />
      </button>
    </div>
  );
}

/**
 * Renders a one-line reply to a notification. It is sent through the outbox like all messages: kept until acknowledged, even across a
 * reload.
 */
export function NotificationReply({ note, onClose }: { note: MessageNotification; onClose: () => void }) {
  const field = useRef<HTMLInputElement>(null);
  const { text, write, send, onWay, takeBack, isSent, isHeld } = useReply(note);
  const focus = () => field.current?.focus();
  useLayoutEffect(focus, []);
  const answer = (next: string) => {
    takeBack(next);
    focus();
  };
  const onSubmit = (event: Event) => {
    event.preventDefault();
    send();
  };
  const label = tn("replyTo", { name: isolated(shownName(note.actor)) });
  return (
    <form class="notification-reply" onSubmit={onSubmit}>
      <Line label={label} text={text} field={field} onWrite={write} onSend={send} onClose={onClose} />
      {onWay && <OnWay message={onWay} onEdit={() => answer(onWay.text)} onDiscard={() => answer("")} />}
      {isSent && (
        <p class="notification-reply-state" role="status">
          {tn(isHeld ? "held" : "sent")}
        </p>
      )}
    </form>
  );
}
