import "../../styles/inbox.css";
import { AtSign, BellRing, CheckCheck, Mail, Reply, ServerOff } from "lucide";
import { useEffect, useState } from "preact/hooks";
import type { NotificationDto } from "../../../../utils/contract/notifications.ts";
import { ti } from "../../locales/inbox/index.ts";
import { exactTime, explain, isolated, recentOf, t } from "../../locales/index.ts";
import { Icon } from "../../parts/icon.tsx";
import { Notice } from "../../parts/notice.tsx";
import { plainOf } from "../../parts/plain-text.ts";
import { roomNameOf } from "../../parts/room-name.ts";
import { Skeleton } from "../../parts/skeleton.tsx";
import { useAction } from "../../parts/use-action.ts";
import { addressOf } from "../../state/here.ts";
import { notifications, unreadNotifications } from "../../state/notifications.ts";
import { loadNotifications, readAllNotifications, readNotifications } from "../../state/notifications-sync.ts";
import { isWide } from "../../state/settings.ts";
import { beside } from "../../state/showing.ts";

const signs = {
  mention: { icon: AtSign, text: "noteMention" },
  reply: { icon: Reply, text: "noteReply" },
  message_request: { icon: Mail, text: "noteRequest" },
} as const;

/** What happened, in a sentence, with its sign. */
export function Happening({ notification }: { notification: NotificationDto }) {
  const { icon, text } = signs[notification.kind];
  return (
    <span class="told-title">
      <Icon icon={icon} size={14} />
      <span>{ti(text, { name: isolated(notification.actor.displayName) })}</span>
    </span>
  );
}

function Entry({ notification }: { notification: NotificationDto }) {
  const { id, kind, roomId, messageId, excerpt, createdAt, readAt } = notification;
  const isNew = readAt === null;
  const open = () => {
    readNotifications([id]);
    if (!isWide.value) beside.value = null;
  };
  return (
    <li class={isNew ? "told told-new" : "told"}>
      <a class="told-link" href={kind === "message_request" ? addressOf(roomId) : addressOf(roomId, messageId)} onClick={open}>
        <Happening notification={notification} />
        {isNew && <span class="sr-only">, {t("unread")}</span>}
        <span class="told-where">
          {kind !== "message_request" && <bdi>{roomNameOf(roomId)}</bdi>}
          <time dateTime={createdAt} title={exactTime(new Date(createdAt))}>
            {recentOf(new Date(createdAt))}
          </time>
        </span>
        {excerpt && (
          <span class="told-excerpt" dir="auto">
            {plainOf(excerpt)}
          </span>
        )}
      </a>
      {isNew && (
        <button
          type="button"
          class="icon-button told-read"
          aria-label={ti("markRead")}
          title={ti("markRead")}
          onClick={() => readNotifications([id])}
        >
          <span class="told-dot" aria-hidden="true" />
        </button>
      )}
    </li>
  );
}

/** What concerned oneself, newest first, each with the way to it. */
export function Notifications() {
  const [cursor, setCursor] = useState<string | null>(null);
  const [hasLoaded, setLoaded] = useState(false);
  const load = useAction(async (after: string | null) => {
    setCursor(await loadNotifications(after));
    setLoaded(true);
  });
  useEffect(() => void load.act(null), []);
  const all = notifications.value;
  if (all.length === 0 && load.refusal)
    return (
      <Notice icon={ServerOff} title={ti("notesFailed")} text={explain(load.refusal.code)}>
        <button type="button" class="button button-main" onClick={() => void load.act(null)}>
          {t("retry")}
        </button>
      </Notice>
    );
  if (all.length === 0)
    return hasLoaded ? <Notice icon={BellRing} title={ti("noNotes")} text={ti("noNotesHint")} /> : <Skeleton lines={4} />;
  return (
    <div class="told-list">
      {unreadNotifications.value > 0 && (
        <button type="button" class="text-button told-all" onClick={readAllNotifications}>
          <Icon icon={CheckCheck} size={15} /> {ti("markAllRead")}
        </button>
      )}
      <ul>
        {all.map((one) => (
          <Entry key={one.id} notification={one} />
        ))}
      </ul>
      {cursor !== null && (
        <button type="button" class="button button-quiet" aria-disabled={load.isBusy} onClick={() => void load.act(cursor)}>
          {ti("more")}
        </button>
      )}
    </div>
  );
}
