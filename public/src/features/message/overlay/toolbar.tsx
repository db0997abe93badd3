import { Ellipsis } from "lucide";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { LiveMessageDto } from "../../../../../utils/contract/schemas/messages.ts";
import { tt } from "../../../locales/room/index.ts";
import { Icon } from "../../../shared/ui/icon.tsx";
import { useConversationParts } from "../context.ts";
import { actionsOf } from "./actions.ts";
import { positionToolbar } from "./toolbar-position.ts";

const SHOWN = new Set(["react", "reply", "edit"]);

const rowOf = (event: Event): HTMLElement | null =>
  event.currentTarget instanceof HTMLElement ? event.currentTarget.closest<HTMLElement>(".message") : null;

const placeOf = (event: Event) => ({
  beside: event.currentTarget instanceof HTMLElement ? event.currentTarget.getBoundingClientRect() : null,
  row: rowOf(event),
});

/** Renders the most frequent actions next to the active message; one button opens the others. */
export function Toolbar({ message }: { message: LiveMessageDto }) {
  const parts = useConversationParts();
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (box.current) positionToolbar(box.current);
  }, []);
  const shown = actionsOf(parts, message, { beside: null, row: null }).filter(({ id }) => SHOWN.has(id));
  const isOpen = parts.over.value?.message.id === message.id && parts.over.value.kind === "actions";
  return (
    <div class="message-tools" ref={box}>
      {shown.map(({ id, label, icon }) => (
        <button
          key={id}
          type="button"
          class="icon-button"
          aria-label={label}
          title={label}
          {...(id === "react" ? { "aria-haspopup": "dialog" as const } : {})}
          onClick={(event) =>
            actionsOf(parts, message, placeOf(event))
              .find((one) => one.id === id)
              ?.run()
          }
        >
          <Icon icon={icon} size={17} />
        </button>
      ))}
      <button
        type="button"
        class="icon-button"
        aria-label={tt("more")}
        title={tt("more")}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        onClick={(event) => {
          parts.over.value = { kind: "actions", message, ...placeOf(event) };
        }}
      >
        <Icon icon={Ellipsis} size={17} />
      </button>
    </div>
  );
}
