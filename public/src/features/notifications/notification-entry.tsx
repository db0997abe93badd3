import { Reply } from "lucide";
import { useRef, useState } from "preact/hooks";
import type { NotificationDto } from "../../../../utils/contract/schemas/notifications.ts";
import { ti } from "../../locales/inbox/index.ts";
import { exactTime, isolated, recentOf, t } from "../../locales/index.ts";
import { tn } from "../../locales/notifications/index.ts";
import { sidePanel } from "../../shared/state/dialogs.ts";
import { isWide } from "../../shared/state/settings.ts";
import { previewOf } from "../../shared/text/preview.ts";
import { shownName } from "../../shared/text/shown-name.ts";
import { Icon } from "../../shared/ui/icon.tsx";
import { addressOf } from "../room/current-room.ts";
import { Happening } from "./notification-center.tsx";
import { hasReplyDraft, NotificationReply } from "./notification-reply.tsx";
import { readNotifications } from "./notifications-sync.ts";

type EntryProps = {
  note: NotificationDto;
  /** Called before the entry is marked as read or answered. */
  onTouch: () => void;
};

function Actions({ note, onTouch, onReply }: EntryProps & { onReply: (() => void) | null }) {
  const name = isolated(shownName(note.actor));
  return (
    <div class="note-actions">
      {onReply && (
        <button type="button" class="icon-button" aria-label={tn("replyTo", { name })} title={tn("reply")} onClick={onReply}>
          <Icon icon={Reply} size={16} />
        </button>
      )}
      {note.readAt === null && (
        <button
          type="button"
          class="icon-button notification-read"
          aria-label={ti("markRead")}
          title={ti("markRead")}
          onClick={() => {
            onTouch();
            readNotifications([note.id]);
          }}
        >
          <span class="notification-dot" aria-hidden="true" />
        </button>
      )}
    </div>
  );
}

function NoteLink({ note }: { note: NotificationDto }) {
  const { id, kind, roomId, messageId, excerpt, createdAt, readAt } = note;
  const at = new Date(createdAt);
  const open = () => {
    readNotifications([id]);
    if (!isWide.value) sidePanel.value = null;
  };
  return (
    <a class="notification-link" href={kind === "message_request" ? addressOf(roomId) : addressOf(roomId, messageId)} onClick={open}>
      <Happening what={note} />
      {readAt === null && <span class="sr-only">, {t("unread")}</span>}
      {excerpt && (
        <span class="notification-excerpt" dir="auto">
          {previewOf(excerpt)}
        </span>
      )}
      <span class="notification-where">
        <time dateTime={createdAt} title={exactTime(at)}>
          {recentOf(at)}
        </time>
      </span>
    </a>
  );
}

/** Renders a notification: a link to its message, and a reply field. */
export function NotificationEntry({ note, onTouch }: EntryProps) {
  const entry = useRef<HTMLLIElement>(null);
  const canReply = note.kind !== "message_request";
  const [isReplying, setReplying] = useState(() => canReply && hasReplyDraft(note));
  const focusLink = () => entry.current?.querySelector("a")?.focus();
  const close = () => {
    setReplying(false);
    focusLink();
  };
  const touch = () => {
    onTouch();
    // The button that had the focus disappears with the unread mark.
    focusLink();
  };
  const toggle = () => {
    onTouch();
    setReplying(!isReplying);
  };
  return (
    <li ref={entry} class={note.readAt === null ? "notification notification-new" : "notification"}>
      <NoteLink note={note} />
      <Actions note={note} onTouch={touch} onReply={canReply ? toggle : null} />
      {isReplying && <NotificationReply note={note} onClose={close} />}
    </li>
  );
}
