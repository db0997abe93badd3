import type { RefObject } from "preact";
import { useEffect, useLayoutEffect } from "preact/hooks";

function focusOnce(element: HTMLElement): void {
  // For this once: a page that stayed focusable would take the focus at every press on its words, and close the menus in it.
  element.tabIndex = -1;
  const release = (): void => {
    // The window lost the focus, and gives it back to the element as long as that can have it.
    if (document.activeElement === element) return;
    element.removeAttribute("tabindex");
    element.removeEventListener("blur", release);
  };
  element.addEventListener("blur", release);
  element.focus({ preventScroll: true });
}

/** Gives the focus to the page, unless something has it. */
export function focusPage(): void {
  const page = document.getElementById("content");
  if (page && document.activeElement === document.body) focusOnce(page);
}

/** Gives the focus to the page when an element leaves it with the focus, unless something else takes it. */
export function useFocusAfter(element: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const own = element.current;
    return () => {
      if (own !== null && document.activeElement === own) setTimeout(focusPage);
    };
  }, []);
}

/** Gives the focus to a page that took the place of what had it, such as a form that was sent. Whatever has the focus keeps it. */
export function usePageFocus(page: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = page.current;
    if (element !== null && document.activeElement === document.body) focusOnce(element);
  }, []);
}
