const steps: Record<string, number> = { ArrowUp: -1, ArrowDown: 1 };

const CONTROLS = "a[href], button:not(:disabled), input, pre[tabindex]";

/** The vertical stops of the arrow keys: the button for earlier messages, and the messages. */
const STOPS = ".log-earlier button, .message";

const isShown = (element: HTMLElement): boolean => element.getClientRects().length > 0;

/** Whether a focused block of code can still scroll in the direction of an arrow key. */
function scrolls(element: Element | null, key: string): boolean {
  if (element?.tagName !== "PRE") return false;
  const { scrollLeft, scrollWidth, clientWidth } = element;
  const most = scrollWidth - clientWidth;
  if (most <= 1) return false;
  // In a right-to-left block, the scroll position counts from 0 downwards.
  const fromLeft = getComputedStyle(element).direction === "rtl" ? most + scrollLeft : scrollLeft;
  return key === "ArrowRight" ? fromLeft < most - 1 : key === "ArrowLeft" && fromLeft > 1;
}

/** Returns the next link or button of a row for an arrow key, in reading direction; the row itself comes before the first. */
function controlAt(row: HTMLElement, event: KeyboardEvent): HTMLElement | undefined {
  const controls = [...row.querySelectorAll<HTMLElement>(CONTROLS)].filter(isShown);
  const isRtl = document.documentElement.dir === "rtl";
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (step === undefined) return undefined;
  const at = controls.findIndex((one) => one.matches(":focus"));
  const next = at + (isRtl ? -step : step);
  return next < 0 ? row : controls[Math.min(next, controls.length - 1)];
}

/** Moves between the row and its controls by → and ←; Esc goes back to the row. */
function walkRow(row: HTMLElement, event: KeyboardEvent): HTMLElement | undefined {
  const isInside = row !== document.activeElement;
  if (event.key === "Escape") return isInside ? row : undefined;
  return controlAt(row, event);
}

/**
 * Moves the focus by the arrow keys: up and down between messages, with Home and End to the first and last that are rendered; right and
 * left through the controls of a message.
 */
export function navigate(event: KeyboardEvent): void {
  const log = event.currentTarget;
  if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || !(log instanceof HTMLElement)) return;
  const { activeElement } = document;
  if (scrolls(activeElement, event.key)) return;
  const row = activeElement?.closest<HTMLElement>(".message");
  const target = (row && log.contains(row) ? walkRow(row, event) : undefined) ?? rowFor(log, event.key);
  if (!target) return;
  event.preventDefault();
  target.focus({ preventScroll: true });
  target.scrollIntoView({ block: "nearest", inline: "nearest" });
}

function rowFor(log: HTMLElement, key: string): HTMLElement | undefined {
  if (key === "Home") return log.querySelector<HTMLElement>(".message") ?? undefined;
  const stops = [...log.querySelectorAll<HTMLElement>(STOPS)];
  if (key === "End") return stops.at(-1);
  const step = steps[key];
  if (step === undefined) return undefined;
  const at = stops.findIndex((stop) => stop.contains(document.activeElement));
  return at < 0 ? stops.at(-1) : stops[Math.min(stops.length - 1, Math.max(0, at + step))];
}
