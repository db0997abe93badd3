import "../../styles/features/inbox.css";
import { X } from "lucide";
import { useEffect, useState } from "preact/hooks";
import { ti } from "../../locales/inbox/index.ts";
import { undoable } from "../../shared/state/undo.ts";
import { previewOf } from "../../shared/text/preview.ts";
import { roomNameOf } from "../../shared/text/room-name.ts";
import { Icon } from "../../shared/ui/icon.tsx";
import { conversationOf } from "../inbox/inbox.ts";
import { addressOf } from "../room/current-room.ts";
import { Happening } from "./notification-center.tsx";
import { dropToast, type Toast as ToastContent, toasts } from "./notifications.ts";
import { readNotifications } from "./notifications-sync.ts";

const SHOWN_MS = 7_000;

/** Whether the room's name adds anything to the user's name. */
const hasPlace = ({ kind, roomId }: ToastContent): boolean => {
  const conversation = conversationOf(roomId);
  return kind !== "message_request" && conversation?.kind !== "direct";
};

/** Renders a toast that disappears by itself, but not while it is hovered or focused. */
function Toast({ content }: { content: ToastContent }) {
  const [isHeld, setHeld] = useState(false);
  const { id, kind, roomId, messageId, excerpt } = content;
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
      <a class="toast-link" href={kind === "message_request" ? addressOf(roomId) : addressOf(roomId, messageId)} onClick={open}>
        <Happening what={content} />
        {hasPlace(content) && <bdi class="toast-where">{roomNameOf(roomId)}</bdi>}
        {excerpt && (
          <span class="notification-excerpt" dir="auto">
            {previewOf(excerpt)}
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
