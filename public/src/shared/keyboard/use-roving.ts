import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";

/** A control that belongs to an item, such as the star of a room: reached from the item by the arrow key towards the end of the row. */
const BESIDE = "[data-beside]";

const itemsOf = (list: HTMLElement): HTMLElement[] =>
  [...list.querySelectorAll<HTMLElement>("a[href], button")].filter((item) => !item.matches(BESIDE));

/** Returns what identifies an item across renders. */
const keyOf = (item: HTMLElement): string => item.getAttribute("href") ?? item.className;

const rowOf = (item: Element): Element | null => item.closest("li");

/** Returns the focused item: itself, or the one whose control has the focus. */
const itemAt = (list: HTMLElement, target: EventTarget | null): HTMLElement | undefined =>
  itemsOf(list).find((item) => item === target || (target instanceof Element && target.matches(BESIDE) && rowOf(target) === rowOf(item)));

function sideways(list: HTMLElement, key: string): HTMLElement | null | undefined {
  const focused = document.activeElement;
  const towardsEnd = getComputedStyle(list).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
  if (key === towardsEnd) return focused && rowOf(focused)?.querySelector<HTMLElement>(BESIDE);
  return focused?.matches(BESIDE) ? itemAt(list, focused) : null;
}

function target(list: HTMLElement, key: string): HTMLElement | null | undefined {
  const items = itemsOf(list);
  const at = items.indexOf(itemAt(list, document.activeElement) ?? list);
  if (key === "Home") return items[0];
  if (key === "End") return items.at(-1);
  if (key === "ArrowDown") return items[Math.min(items.length - 1, at + 1)];
  if (key === "ArrowUp") return items[Math.max(0, at - 1)];
  return key === "ArrowLeft" || key === "ArrowRight" ? sideways(list, key) : null;
}

function onKeyDown(list: HTMLElement, event: KeyboardEvent): void {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const next = target(list, event.key);
  if (!next) return;
  event.preventDefault();
  next.focus();
}

/** Makes one item the tab stop: the last focused one, the current page's, or the first. Keeps the focus when the list changes. */
function rove(list: HTMLElement): () => void {
  let stop: { key: string; at: number } | null = null;
  let isInside = false;
  const apply = (): void => {
    const items = itemsOf(list);
    const last = stop && (items.find((item) => keyOf(item) === stop?.key) ?? items[Math.min(stop.at, items.length - 1)]);
    const current = last ?? items.find((item) => item.hasAttribute("aria-current")) ?? items[0];
    for (const item of items) item.tabIndex = item === current ? 0 : -1;
    for (const control of list.querySelectorAll<HTMLElement>(BESIDE)) control.tabIndex = -1;
    if (isInside && document.activeElement === document.body) current?.focus({ preventScroll: true });
  };
  const onFocus = ({ target }: FocusEvent): void => {
    isInside = target instanceof Node && list.contains(target);
    const item = itemAt(list, target);
    if (!isInside) stop = null;
    else if (item) stop = { key: keyOf(item), at: itemsOf(list).indexOf(item) };
    apply();
  };
  const onPress = ({ target }: PointerEvent): void => {
    if (!(target instanceof Node && list.contains(target))) isInside = false;
  };
  const keys = (event: KeyboardEvent): void => onKeyDown(list, event);
  const changes = new MutationObserver(apply);
  changes.observe(list, { childList: true, subtree: true, attributes: true, attributeFilter: ["aria-current"] });
  document.addEventListener("focusin", onFocus);
  document.addEventListener("pointerdown", onPress);
  list.addEventListener("keydown", keys);
  apply();
  return () => {
    changes.disconnect();
    document.removeEventListener("focusin", onFocus);
    document.removeEventListener("pointerdown", onPress);
    list.removeEventListener("keydown", keys);
  };
}

/**
 * Makes a list of links one tab stop. Arrow keys, Home and End move within it; the arrow key towards the end of the row leads from an item
 * to the control marked with `data-beside` in the same `li`.
 */
export function useRoving<Element extends HTMLElement>(): RefObject<Element | null> {
  const list = useRef<Element>(null);
  useEffect(() => (list.current ? rove(list.current) : undefined), []);
  return list;
}
