import type { RefObject } from "preact";
import { useEffect, useLayoutEffect } from "preact/hooks";

function focusOnce(element: HTMLElement): void {
  // Focusable only this once: a page that stayed focusable would take the focus at every click on its text, and close its menus.
  element.tabIndex = -1;
  const release = (): void => {
    // The window lost the focus; it restores it to the element while that is focusable.
    if (document.activeElement === element) return;
    element.removeAttribute("tabindex");
    element.removeEventListener("blur", release);
  };
  element.addEventListener("blur", release);
  element.focus({ preventScroll: true });
}

/** Focuses the page, unless an element has the focus. */
export function focusPage(): void {
  const page = document.getElementById("content");
  if (page && document.activeElement === document.body) focusOnce(page);
}

/** Focuses the page when an element is removed while it has the focus, unless another element takes it. */
export function useFocusAfter(element: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const own = element.current;
    return () => {
      if (own !== null && document.activeElement === own) setTimeout(focusPage);
    };
  }, []);
}

/** Focuses a page that replaced the focused element, such as a submitted form. An element that has the focus keeps it. */
export function usePageFocus(page: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = page.current;
    if (element !== null && document.activeElement === document.body) focusOnce(element);
  }, []);
}
