/** A visible row and its offset from the frame's top edge, in pixels. */
export type Anchor = { key: string; offset: number };

const rowsIn = (frame: HTMLElement): HTMLElement[] => [...frame.querySelectorAll<HTMLElement>("[data-row][data-seq]")];

/** Returns the first visible message. */
export function anchorOf(frame: HTMLElement): Anchor | null {
  const top = frame.getBoundingClientRect().top;
  for (const row of rowsIn(frame)) {
    const box = row.getBoundingClientRect();
    if (box.bottom > top) return { key: row.dataset.row ?? "", offset: box.top - top };
  }
  return null;
}

/** Scrolls so that the anchor is at its previous position. */
export function restore(frame: HTMLElement, anchor: Anchor): void {
  const row = rowsIn(frame).find((one) => one.dataset.row === anchor.key);
  if (!row) return;
  const moved = row.getBoundingClientRect().top - frame.getBoundingClientRect().top - anchor.offset;
  if (Math.abs(moved) >= 0.5) frame.scrollTop += moved;
}
