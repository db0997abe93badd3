/**
 * Keeps `--visible-height` equal to what an on-screen keyboard leaves, and marks the document while one is open,
 * so that the composer is never covered where the layout does not shrink by itself.
 */
export function fitViewport(): void {
  const visible = window.visualViewport;
  if (!visible) return;
  const root = document.documentElement;
  const fit = () => {
    const isZoomed = visible.scale > 1.05;
    const keyboard = window.innerHeight - visible.height;
    if (isZoomed || keyboard < 80) root.style.removeProperty("--visible-height");
    else root.style.setProperty("--visible-height", `${visible.height}px`);
    root.toggleAttribute(
      "data-keyboard",
      !isZoomed && (keyboard > 80 || screen.height - visible.height > screen.height * 0.4) && matchMedia("(pointer: coarse)").matches,
    );
    if (!isZoomed && keyboard >= 80) window.scrollTo(0, 0);
  };
  visible.addEventListener("resize", fit);
  fit();
}
