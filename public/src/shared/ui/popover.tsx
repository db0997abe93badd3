import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

const GAP = 6;
const EDGE = 8;

/** Positions an element next to its anchor: below it, aligned to its end; above if there is no space below. */
export function positionPopover(
  beside: DOMRect,
  size: { width: number; height: number },
  page: { width: number; height: number; isRtl: boolean },
) {
  const below = beside.bottom + GAP;
  const above = beside.top - GAP - size.height;
  const top = below + size.height + EDGE <= page.height || above < EDGE ? Math.min(below, page.height - size.height - EDGE) : above;
  const left = page.isRtl ? beside.left : beside.right - size.width;
  return { top: Math.max(EDGE, top), left: Math.min(Math.max(EDGE, left), page.width - size.width - EDGE) };
}

type PopoverProps = {
  beside: DOMRect;
  look: string;
  /** Called on a click outside: the focus stays where the user set it. */
  onClose: () => void;
  /** Called on Esc: the focus should return. */
  onEscape: () => void;
  children: ComponentChildren;
};

/** Renders a small popover next to its anchor. Esc or a click outside closes it. */
export function Popover({ beside, look, onClose, onEscape, children }: PopoverProps) {
  const box = useRef<HTMLDivElement>(null);
  const place = () => {
    if (!box.current) return;
    const page = { width: innerWidth, height: innerHeight, isRtl: document.documentElement.dir === "rtl" };
    const { top, left } = positionPopover(beside, box.current.getBoundingClientRect(), page);
    box.current.style.top = `${top}px`;
    box.current.style.left = `${left}px`;
  };
  useLayoutEffect(() => {
    box.current?.showPopover();
    place();
    // The content may load later.
    const grown = new ResizeObserver(place);
    if (box.current) grown.observe(box.current);
    return () => grown.disconnect();
  }, []);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys belong to its content
    <div
      ref={box}
      popover="auto"
      class={`popover ${look}`}
      onToggle={(event) => (event as ToggleEvent).newState === "closed" && onClose()}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.preventDefault();
        event.stopPropagation();
        onEscape();
      }}
    >
      {children}
    </div>
  );
}
