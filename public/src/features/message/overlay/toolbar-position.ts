/** Minimum distance of a toolbar from the upper edge of the list, in pixels. */
const EDGE = 4;
/** How far a toolbar overlaps the row above by default, in pixels. */
const RISE = 12;

/** The readable parts of a row other than its text. */
const READ = ".message-quote, .message-head, .reactions, .message-gone p";

type Box = Pick<DOMRect, "top" | "bottom" | "left" | "right">;

const meets = (one: Box, other: Box): boolean =>
  one.left < other.right && other.left < one.right && one.top < other.bottom - 1 && other.top < one.bottom - 1;

const cut = (one: Box, frame: Box): Box => ({
  top: Math.max(one.top, frame.top),
  bottom: Math.min(one.bottom, frame.bottom),
  left: Math.max(one.left, frame.left),
  right: Math.min(one.right, frame.right),
});

/** Returns the boxes of the lines of a text, without clipped or scrolled-out parts. */
function linesIn(text: Element): Box[] {
  const frame = text.getBoundingClientRect();
  const range = document.createRange();
  const pieces = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  const boxes: Box[] = [...text.querySelectorAll("pre")].map((code) => cut(code.getBoundingClientRect(), frame));
  for (let piece = pieces.nextNode(); piece !== null; piece = pieces.nextNode()) {
    if (piece.parentElement?.closest("pre")) continue;
    range.selectNode(piece);
    for (const line of range.getClientRects()) boxes.push(cut(line, frame));
  }
  return boxes.filter(({ top, bottom }) => top < bottom);
}

/** Returns the boxes of all readable parts of a row. */
const readIn = (row: Element | null): Box[] =>
  row === null
    ? []
    : [
        ...[...row.querySelectorAll(READ)].map((one) => one.getBoundingClientRect()),
        ...[...row.querySelectorAll(".message-text")].flatMap(linesIn),
      ];

/** The relevant boxes: a toolbar, its row, the list's upper edge, and the text lines near it. */
export type Around = { tools: Box; row: Box; edge: number; lines: readonly Box[] };

/**
 * Returns a top position for the toolbar that is not cut off by the page header and covers no text, or null if every position would cover
 * some: the toolbar must then shrink.
 */
export function freeTop({ tools, row, edge, lines }: Around): number | null {
  const height = tools.bottom - tools.top;
  const tops = [row.top - RISE, row.top - height].map((top) => Math.max(top, edge + EDGE));
  return tops.find((top) => !lines.some((line) => meets({ ...tools, top, bottom: top + height }, line))) ?? null;
}

/**
 * Positions a toolbar so that it is fully visible and covers nothing. If that is impossible, only its last button stays, in the margin of
 * the row.
 */
export function positionToolbar(element: HTMLElement): void {
  const row = element.closest(".message");
  const log = row?.closest(".log");
  if (!row || !log) return;
  element.removeAttribute("data-small");
  const box = row.getBoundingClientRect();
  const edge = log.getBoundingClientRect().top;
  const lines = [...readIn(row), ...readIn(row.previousElementSibling)];
  const { top, bottom, left, right } = element.getBoundingClientRect();
  const free = freeTop({ tools: { top, bottom, left, right }, row: box, edge, lines });
  if (free === null) element.setAttribute("data-small", "");
  element.style.top = `${Math.max(free ?? box.top - RISE, edge + EDGE) - box.top}px`;
}
