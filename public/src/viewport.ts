/** Height in pixels below which the messages need all the space: a phone with its keyboard, or in landscape orientation. */
const SHORT = 500;

/**
 * Keeps `--visible-height` equal to the height that an on-screen keyboard leaves, so that the composer is never covered where the layout
 * does not shrink by itself. Marks the document with `data-keyboard` while a keyboard is open, with `data-short` while little height is
 * left, and with `data-writing` while the composer has the focus: `:has()` on the document would be evaluated again with every message.
 */
export function fitViewport(): void {
  const visible = window.visualViewport;
  if (!visible) return;
  const root = document.documentElement;
  const note = () => root.toggleAttribute("data-writing", document.activeElement?.matches(".composer-field") ?? false);
  const fit = () => {
    note();
    const isZoomed = visible.scale > 1.05;
    const keyboard = window.innerHeight - visible.height;
    if (isZoomed || keyboard < 80) root.style.removeProperty("--visible-height");
    else root.style.setProperty("--visible-height", `${visible.height}px`);
    root.toggleAttribute(
      "data-keyboard",
      !isZoomed && (keyboard > 80 || screen.height - visible.height > screen.height * 0.4) && matchMedia("(pointer: coarse)").matches,
    );
    root.toggleAttribute("data-short", !isZoomed && visible.height < SHORT);
    if (!isZoomed && keyboard >= 80) window.scrollTo(0, 0);
  };
  visible.addEventListener("resize", fit);
  document.addEventListener("focusin", note);
  document.addEventListener("focusout", note);
  fit();
}
