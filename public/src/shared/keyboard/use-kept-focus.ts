import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";

/** What identifies a row in any state: its key, and the sequence number of its message once it has one. */
type Known = { key: string | undefined; seq: string | undefined };

const isInDialog = (target: EventTarget | null): boolean => target instanceof Element && target.closest("dialog") !== null;

const rowsIn = (log: HTMLElement): HTMLElement[] => [...log.querySelectorAll<HTMLElement>(".message")];

/** Returns the row in place of a known one: the same, else the nearest by number, else the newest. */
function rowFor(log: HTMLElement, { key, seq }: Known): HTMLElement | undefined {
  const rows = rowsIn(log);
  const same = rows.find((row) => row.dataset.row === key) ?? rows.find((row) => seq !== undefined && row.dataset.seq === seq);
  if (same || seq === undefined) return same ?? rows.at(-1);
  return rows.find((row) => Number(row.dataset.seq) > Number(seq)) ?? rows.at(-1);
}

const isLost = (): boolean => document.activeElement === document.body;

function watch(log: HTMLElement): () => void {
  const ended = new AbortController();
  const { signal } = ended;
  let known: Known | null = null;
  const restore = () => {
    const row = known === null ? undefined : rowFor(log, known);
    (row?.querySelector<HTMLElement>("[data-takes-focus]") ?? row ?? log).focus({ preventScroll: true });
  };
  const onFocus = ({ target }: FocusEvent) => {
    const isInside = target instanceof Element && log.contains(target);
    // A closing dialog restores the focus to the element that had it before.
    if (isInDialog(target)) return;
    const row = isInside ? target.closest<HTMLElement>(".message") : null;
    known = isInside ? { key: row?.dataset.row, seq: row?.dataset.seq } : null;
  };
  // The focus moves to another element, and until it arrives nothing has it. A dialog will restore it.
  const onLeave = ({ relatedTarget }: FocusEvent) => {
    if (relatedTarget !== null && !isInDialog(relatedTarget)) known = null;
  };
  // A click outside of every focusable element leaves the focus to the page, and nothing is to be restored then.
  const onPress = ({ target }: Event) => {
    if (!isInDialog(target)) known = null;
  };
  // The element that had the focus before a dialog may be gone, such as a message of a user who was blocked in it. The focus is then left
  // in the dialog.
  const onClose = ({ target }: Event) => {
    const isLeft = target instanceof Element && target.contains(document.activeElement);
    if (known !== null && (isLost() || isLeft)) restore();
  };
  const changed = new MutationObserver(() => {
    if (known !== null && isLost()) restore();
  });
  changed.observe(log, { childList: true, subtree: true });
  // Before any listener that changes the rows.
  document.addEventListener("focusout", onLeave, { signal, capture: true });
  document.addEventListener("focusin", onFocus, { signal });
  document.addEventListener("pointerdown", onPress, { signal });
  // A dialog's `close` event does not bubble.
  document.addEventListener("close", onClose, { signal, capture: true });
  return () => {
    changed.disconnect();
    ended.abort();
  };
}

/**
 * Keeps the focus in the list when the element that has it is replaced or removed: a message that becomes a tombstone, an "Undo" that
 * expires, a message that was acknowledged, a row that left the rendered span. It moves to the row in the same place, there to the control
 * marked with `data-takes-focus` if there is one; to the list itself when it has no rows.
 */
export function useKeptFocus(frame: RefObject<HTMLElement | null>): void {
  useEffect(() => (frame.current ? watch(frame.current) : undefined), []);
}
