import type { RefObject } from "preact";
import { useLayoutEffect } from "preact/hooks";
import { isTouch } from "../state/settings.ts";

const CONTROLS = "a[href], button, input, pre[tabindex]";

/** Takes the controls of a row out of the tab order. They stay focusable: for the arrow keys, for a click, and for a screen reader. */
function leaveTabOrder(root: Element): void {
  for (const control of [root, ...root.querySelectorAll<HTMLElement>(CONTROLS)]) {
    if (!(control instanceof HTMLElement) || !control.matches(CONTROLS)) continue;
    // On touch screens a block of code scrolls by finger, and accessibility rules require every scrollable part in the tab order.
    if (control.tagName === "PRE" && isTouch.peek()) continue;
    if (control !== document.activeElement) control.tabIndex = -1;
  }
}

const isInSight = (row: Element, frame: DOMRect): boolean => {
  const { top, bottom } = row.getBoundingClientRect();
  return bottom > frame.top && top < frame.bottom;
};

/** Returns the row that Tab reaches: the last focused one while it is visible, else the newest visible one. */
function rowToEnter(log: HTMLElement, last: HTMLElement | null): HTMLElement | undefined {
  const frame = log.getBoundingClientRect();
  if (last?.isConnected && isInSight(last, frame)) return last;
  return [...log.querySelectorAll<HTMLElement>(".message")].findLast((row) => isInSight(row, frame));
}

/** Keeps exactly one element of the list in the tab order: the list itself, or the focused element in it. */
function tabStop(log: HTMLElement) {
  let lastRow: HTMLElement | null = null;
  let stop = log;
  // Whether the list has the focus because it had no row yet to pass it on to.
  let isWaiting = false;
  const move = (next: HTMLElement) => {
    if (next !== stop) stop.tabIndex = -1;
    next.tabIndex = 0;
    stop = next;
    lastRow = next.closest<HTMLElement>(".message") ?? lastRow;
  };
  const enter = () => {
    const row = rowToEnter(log, lastRow);
    isWaiting = row === undefined;
    row?.focus({ preventScroll: true });
    row?.scrollIntoView({ block: "nearest" });
  };
  return {
    onFocusIn: (target: EventTarget | null, isPressed: boolean) => {
      isWaiting = false;
      // A click outside of the rows keeps the focus there: nothing may jump under the pointer.
      if (target === log && !isPressed) enter();
      // Unless the list has just passed the focus on.
      if (target === document.activeElement && target instanceof HTMLElement) move(target);
    },
    leave: () => move(log),
    /** Runs after the rows have changed: the focused element may be gone, and there may be a row to pass the focus on to. */
    settle: () => {
      if (isWaiting && document.activeElement === log) enter();
      const { activeElement } = document;
      move(activeElement instanceof HTMLElement && log.contains(activeElement) ? activeElement : log);
    },
  };
}

function watch(log: HTMLElement): () => void {
  const stop = tabStop(log);
  const ended = new AbortController();
  const { signal } = ended;
  let isPressed = false;
  const press = (is: boolean) => () => {
    isPressed = is;
  };
  const changed = new MutationObserver((records) => {
    for (const { addedNodes } of records) for (const node of addedNodes) if (node instanceof Element) leaveTabOrder(node);
    stop.settle();
  });
  leaveTabOrder(log);
  stop.settle();
  changed.observe(log, { childList: true, subtree: true });
  log.addEventListener("focusin", ({ target }) => stop.onFocusIn(target, isPressed), { signal });
  log.addEventListener(
    "focusout",
    ({ relatedTarget }) => {
      if (!(relatedTarget instanceof Node && log.contains(relatedTarget))) stop.leave();
    },
    { signal },
  );
  log.addEventListener("pointerdown", press(true), { signal });
  for (const end of ["pointerup", "pointercancel"]) window.addEventListener(end, press(false), { signal });
  return () => {
    changed.disconnect();
    ended.abort();
  };
}

/**
 * Makes the message list one stop of the Tab key. While the focus is elsewhere the list itself is the stop and passes the focus on to a
 * row; while it is inside, the element that has it is the only one in the tab order, so that Tab and Shift+Tab leave the list immediately.
 */
export function useOneStop(frame: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => (frame.current ? watch(frame.current) : undefined), []);
}
