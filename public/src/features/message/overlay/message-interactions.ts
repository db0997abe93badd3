import { useRef } from "preact/hooks";
import { isLive } from "../../../../../utils/client/rooms/room-log.ts";
import type { LiveMessageDto } from "../../../../../utils/contract/schemas/messages.ts";
import { navigate } from "../../../shared/keyboard/keyboard-navigation.ts";
import type { ConversationParts } from "../context.ts";
import { actionsOf } from "./actions.ts";

const HOLD_MS = 450;
/** Movement in pixels from which a touch counts as scrolling. */
const SCROLLS = 10;

const rowAt = (event: Event): HTMLElement | null =>
  event.target instanceof Element ? event.target.closest<HTMLElement>(".message[data-id]") : null;

const messageOf = ({ room }: ConversationParts, row: HTMLElement | null): LiveMessageDto | undefined =>
  (room.past.shown.peek()?.items ?? room.log.peek().items).filter(isLive).find((one) => one.id === row?.dataset.id);

/** Whether a key event matches an action's key, by character or by physical key on keyboards of other scripts. */
const isKeyOf = (event: KeyboardEvent, key: string): boolean =>
  event.key.toUpperCase() === key || (/^[A-Z]$/.test(key) && event.code === `Key${key}`);

const opensMenu = ({ key, shiftKey }: KeyboardEvent): boolean => key === "Enter" || key === "ContextMenu" || (key === "F10" && shiftKey);

/** Handles the keys of the focused message. */
function onMessageKey(parts: ConversationParts, event: KeyboardEvent): boolean {
  const row = rowAt(event);
  if (row === null || event.target !== row || event.ctrlKey || event.metaKey || event.altKey) return false;
  const message = messageOf(parts, row);
  if (!message) return false;
  const beside = (row.querySelector(".message-tools") ?? row).getBoundingClientRect();
  if (opensMenu(event)) {
    parts.over.value = { kind: "actions", message, beside, row };
    return true;
  }
  const action = actionsOf(parts, message, { beside, row }).find(({ key }) => key !== undefined && isKeyOf(event, key));
  action?.run();
  return action !== undefined;
}

/** Tracks the active message (hovered, focused, or long-pressed) and handles its keys. */
export function useMessageInteractions(parts: ConversationParts) {
  const press = useRef<{ timer: ReturnType<typeof setTimeout>; x: number; y: number } | null>(null);
  const isOpened = useRef(false);
  const letGo = () => {
    clearTimeout(press.current?.timer);
    press.current = null;
  };
  const open = (row: HTMLElement | null) => {
    letGo();
    const message = messageOf(parts, row);
    if (!message) return;
    isOpened.current = true;
    parts.over.value = { kind: "actions", message, beside: null, row };
  };
  return {
    onPointerOver: (event: PointerEvent) => {
      if (event.pointerType === "mouse") parts.hovered.value = rowAt(event)?.dataset.id ?? null;
    },
    onPointerLeave: () => {
      parts.hovered.value = null;
    },
    onFocusIn: (event: FocusEvent) => {
      parts.focused.value = rowAt(event)?.dataset.id ?? null;
    },
    onFocusOut: (event: FocusEvent) => {
      const { currentTarget, relatedTarget } = event;
      const stays = currentTarget instanceof Node && relatedTarget instanceof Node && currentTarget.contains(relatedTarget);
      if (!stays) parts.focused.value = null;
    },
    onPointerDown: (event: PointerEvent) => {
      const row = rowAt(event);
      const isLink = event.target instanceof Element && event.target.closest("a");
      isOpened.current = false;
      if (event.pointerType !== "touch" || !row || isLink) return;
      press.current = { timer: setTimeout(() => open(row), HOLD_MS), x: event.clientX, y: event.clientY };
    },
    onPointerMove: (event: PointerEvent) => {
      const { x, y } = press.current ?? { x: event.clientX, y: event.clientY };
      if (Math.hypot(event.clientX - x, event.clientY - y) > SCROLLS) letGo();
    },
    onPointerUp: letGo,
    onPointerCancel: letGo,
    // Lifting the finger that opened the sheet must not count as a click.
    onTouchEnd: (event: TouchEvent) => {
      if (isOpened.current && event.cancelable) event.preventDefault();
    },
    // Some phones report a long press by this event and then end the touch; their own menu would cover ours.
    onContextMenu: (event: MouseEvent) => {
      const isFinger = "pointerType" in event && event.pointerType === "touch";
      if (!isFinger || !rowAt(event) || (event.target instanceof Element && event.target.closest("a"))) return;
      event.preventDefault();
      if (!isOpened.current) open(rowAt(event));
    },
    onKeyDown: (event: KeyboardEvent) => {
      if (onMessageKey(parts, event)) event.preventDefault();
      else navigate(event);
    },
  };
}
