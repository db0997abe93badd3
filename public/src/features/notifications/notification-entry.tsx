import { Reply } from "lucide";
import { useRef, useState } from "preact/hooks";
import type { NotificationDto } from "../../../../utils/contract/schemas/notifications.ts";
import { ti } from "../../locales/inbox/index.ts";
import { exactTime, isolated, recentOf, t } from "../../locales/index.ts";
import { tn } from "../../locales/notifications/index.ts";
import { sidePanel } from "../../shared/state/dialogs.ts";
import { isWide } from "../../shared/state/settings.ts";
import { shownName } from "../../shared/text/shown-name.ts";
import { Icon } from "../../shared/ui/icon.tsx";
import { notificationAddress } from "./notification-address.ts";
import { Happening, notificationExcerpt } from "./notification-center.tsx";
import { hasReplyDraft, NotificationReply } from "./notification-reply.tsx";
import { isAboutMessage } from "./notifications.ts";
import { readNotifications } from "./notifications-sync.ts";

type EntryProps = {
  note: NotificationDto;
  /** Called before the entry is marked as read or answered. */
  onTouch: () => void;
};

function Actions({ note, onTouch, onReply }: EntryProps & { onReply: (() => void) | null }) {
  const name = isolated(note.actor ? shownName(note.actor) : "");
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
  const { id, createdAt, readAt } = note;
  const excerpt = notificationExcerpt(note);
  const at = new Date(createdAt);
  const open = () => {
    readNotifications([id]);
    if (!isWide.value) sidePanel.value = null;
  };
  return (
    <a class="notification-link" href={notificationAddress(note)} onClick={open}>
      <Happening what={note} />
      {readAt === null && <span class="sr-only">, {t("unread")}</span>}
      {excerpt && (
        <span class="notification-excerpt" dir="auto">
          {excerpt}
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

/** Renders a notification: a link to what it is about, and a reply field if that is a message. */
export function NotificationEntry({ note, onTouch }: EntryProps) {
  const entry = useRef<HTMLLIElement>(null);
  const message = isAboutMessage(note) && note.kind !== "message_request" ? note : null;
  const [isReplying, setReplying] = useState(() => message !== null && hasReplyDraft(message));
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
      <Actions note={note} onTouch={touch} onReply={message ? toggle : null} />
      {isReplying && message && <NotificationReply note={message} onClose={close} />}
    </li>
  );
}
