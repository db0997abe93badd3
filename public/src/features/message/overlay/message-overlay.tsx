import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { tt } from "../../../locales/room/index.ts";
import { Icon } from "../../../shared/ui/icon.tsx";
import { lazy } from "../../../shared/ui/lazy.tsx";
import { lazyPart } from "../../../shared/ui/lazy-part.tsx";
import { Panel } from "../../../shared/ui/panel.tsx";
import { Popover } from "../../../shared/ui/popover.tsx";
import { type Over, useConversationParts } from "../context.ts";
import { type Action, actionsOf } from "./actions.ts";
import { QuickEmoji, toggle } from "./quick-emoji.tsx";

const EmojiPicker = lazyPart(() => import("./emoji-picker.tsx").then((file) => file.EmojiPicker));
const Versions = lazyPart(() => import("../versions.tsx").then((file) => file.Versions));

const ModerateMessage = lazy(() => import("../../moderation/actions/moderate-message.tsx").then((file) => file.ModerateMessage), {
  words: ["account", "console"],
});

const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };

/** Moves the focus in a menu by arrow keys, wrapping around; Home and End go to its ends. */
function walkMenu(event: KeyboardEvent): void {
  if (!(event.currentTarget instanceof HTMLElement)) return;
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>("[role=menuitem]")];
  const at = items.findIndex((item) => item.matches(":focus"));
  const step = steps[event.key];
  const next = event.key === "Home" ? 0 : event.key === "End" ? items.length - 1 : step && (at + step + items.length) % items.length;
  if (next === undefined) return;
  event.preventDefault();
  items[next]?.focus();
}

function Item({ action, onDone }: { action: Action; onDone: () => void }) {
  return (
    <button
      type="button"
      role="menuitem"
      tabIndex={-1}
      class={action.isDanger ? "menu-item menu-item-danger" : "menu-item"}
      onClick={() => {
        onDone();
        action.run();
      }}
    >
      <Icon icon={action.icon} size={18} />
      <span>{action.label}</span>
      {action.key && (
        <span class="menu-key" aria-hidden="true">
          {action.key}
        </span>
      )}
    </button>
  );
}

function Menu({ over, onDone }: { over: Over; onDone: () => void }) {
  const parts = useConversationParts();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.querySelector<HTMLElement>("[role=menuitem]")?.focus(), []);
  const all = actionsOf(parts, over.message, over);
  // The emoji above the list replace the "react" action.
  const actions = all.filter(({ id }) => id !== "react");
  return (
    <>
      {actions.length < all.length && <QuickEmoji over={over} onDone={onDone} />}
      <div ref={box} class="menu" role="menu" aria-label={tt("actions")} onKeyDown={walkMenu}>
        {actions.map((action) => (
          <Item key={action.id} action={action} onDone={onDone} />
        ))}
      </div>
    </>
  );
}

const titles = { actions: "actions", emoji: "react", history: "history", moderate: "moderate" } as const;

/** Renders as a popover next to the message if there is an anchor, otherwise as a bottom sheet. */
function Frame({
  over,
  onClose,
  onLeave,
  children,
}: {
  over: Over;
  onClose: () => void;
  onLeave: () => void;
  children: ComponentChildren;
}) {
  if (over.beside)
    return (
      <Popover beside={over.beside} look={`popover-${over.kind}`} onClose={onClose} onEscape={onLeave}>
        {children}
      </Popover>
    );
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Esc belongs to the dialog, not to the room behind it
    <div onKeyDown={(event) => event.key === "Escape" && event.stopPropagation()}>
      <Panel title={tt(titles[over.kind])} kind="sheet" onClose={onLeave}>
        {children}
      </Panel>
    </div>
  );
}

/** Renders what is open over a message: its menu, the emoji picker, or its previous versions. */
export function OverMessage() {
  const parts = useConversationParts();
  const over = parts.over.value;
  if (!over) return null;
  const close = () => {
    if (parts.over.peek() === over) parts.over.value = null;
  };
  const leave = () => {
    close();
    over.row?.focus({ preventScroll: true });
  };
  return (
    <Frame key={`${over.kind} ${over.message.id}`} over={over} onClose={close} onLeave={leave}>
      {over.kind === "actions" && <Menu over={over} onDone={leave} />}
      {over.kind === "emoji" && (
        <EmojiPicker
          onPick={(emoji) => {
            leave();
            toggle(parts.room, over.message, emoji);
          }}
        />
      )}
      {over.kind === "history" && <Versions message={over.message} />}
      {over.kind === "moderate" && <ModerateMessage message={over.message} room={parts.room.room.value} onDone={leave} />}
    </Frame>
  );
}
