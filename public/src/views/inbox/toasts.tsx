import "../../styles/inbox.css";
import { X } from "lucide";
import { useEffect, useState } from "preact/hooks";
import type { NotificationDto } from "../../../../utils/contract/notifications.ts";
import { ti } from "../../locales/inbox/index.ts";
import { Icon } from "../../parts/icon.tsx";
import { plainOf } from "../../parts/plain-text.ts";
import { roomNameOf } from "../../parts/room-name.ts";
import { addressOf } from "../../state/here.ts";
import { dropToast, toasts } from "../../state/notifications.ts";
import { readNotifications } from "../../state/notifications-sync.ts";
import { Happening } from "./notifications.tsx";

const SHOWN_MS = 7_000;

/** Goes by itself, but not from under a pointer or the focus. */
function Toast({ notification }: { notification: NotificationDto }) {
  const [isHeld, setHeld] = useState(false);
  const { id, kind, roomId, messageId, excerpt } = notification;
  useEffect(() => {
    if (isHeld) return;
    const timer = setTimeout(() => dropToast(id), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [isHeld, id]);
  const open = () => {
    readNotifications([id]);
    dropToast(id);
  };
  return (
    <div
      class="toast-card"
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocusIn={() => setHeld(true)}
      onFocusOut={() => setHeld(false)}
    >
      <a class="toast-link" href={kind === "message_request" ? addressOf(roomId) : addressOf(roomId, messageId)} onClick={open}>
        <Happening notification={notification} />
        {kind !== "message_request" && <bdi class="toast-where">{roomNameOf(roomId)}</bdi>}
        {excerpt && (
          <span class="told-excerpt" dir="auto">
            {plainOf(excerpt)}
          </span>
        )}
      </a>
      <button type="button" class="icon-button" aria-label={ti("dismiss")} title={ti("dismiss")} onClick={() => dropToast(id)}>
        <Icon icon={X} size={16} />
      </button>
    </div>
  );
}

/** What concerns oneself and happens elsewhere, said quietly and once. */
export const Toasts = () => (
  <div class="toasts" role="status">
    {toasts.value.map((one) => (
      <Toast key={one.id} notification={one} />
    ))}
  </div>
);
