import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";

function focusOnce(element: HTMLElement): void {
  // For this once: a page that stayed focusable would take the focus at every press on its words, and close the menus in it.
  element.tabIndex = -1;
  element.addEventListener("blur", () => element.removeAttribute("tabindex"), { once: true });
  element.focus({ preventScroll: true });
}

/** Gives the focus to the page, unless something has it. */
export function focusPage(): void {
  const page = document.getElementById("content");
  if (page && document.activeElement === document.body) focusOnce(page);
}

/** Gives the focus to a page that took the place of what had it, such as a form that was sent. Whatever has the focus keeps it. */
export function usePageFocus(page: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = page.current;
    if (element !== null && document.activeElement === document.body) focusOnce(element);
  }, []);
}
