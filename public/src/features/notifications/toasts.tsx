import "../../styles/features/inbox.css";
import { X } from "lucide";
import { useEffect, useState } from "preact/hooks";
import { ti } from "../../locales/inbox/index.ts";
import { undoable } from "../../shared/state/undo.ts";
import { roomNameOf } from "../../shared/text/room-name.ts";
import { Icon } from "../../shared/ui/icon.tsx";
import { conversationOf } from "../inbox/inbox.ts";
import { notificationAddress } from "./notification-address.ts";
import { Happening, notificationExcerpt } from "./notification-center.tsx";
import { dropToast, type Toast as ToastContent, toasts } from "./notifications.ts";
import { readNotifications } from "./notifications-sync.ts";

const SHOWN_MS = 7_000;

/** Returns the room's name if it adds anything to the user's name. */
function placeOf({ kind, roomId }: ToastContent): string | null {
  if (roomId === null || kind === "message_request" || conversationOf(roomId)?.kind === "direct") return null;
  return roomNameOf(roomId);
}

/** Renders a toast that disappears by itself, but not while it is hovered or focused. */
function Toast({ content }: { content: ToastContent }) {
  const [isHeld, setHeld] = useState(false);
  const { id, kind } = content;
  const place = placeOf(content);
  const excerpt = notificationExcerpt(content);
  useEffect(() => {
    if (isHeld) return;
    const timer = setTimeout(() => dropToast(id), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [isHeld, id]);
  const open = () => {
    if (kind !== "message") readNotifications([id]);
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
      <a class="toast-link" href={notificationAddress(content)} onClick={open}>
        <Happening what={content} />
        {place && <bdi class="toast-where">{place}</bdi>}
        {excerpt && (
          <span class="notification-excerpt" dir="auto">
            {excerpt}
          </span>
        )}
      </a>
      <button type="button" class="icon-button" aria-label={ti("dismiss")} title={ti("dismiss")} onClick={() => dropToast(id)}>
        <Icon icon={X} size={16} />
      </button>
    </div>
  );
}

/** Renders toasts about events elsewhere; announced politely, once. */
export const Toasts = () => (
  <div class={undoable.value ? "toasts toasts-raised" : "toasts"} role="status">
    {toasts.value.map((one) => (
      <Toast key={one.id} content={one} />
    ))}
  </div>
);
