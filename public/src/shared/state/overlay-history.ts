/** A dialog or sheet on top of the page, with the number of its history entry, and whether the entry exists yet. */
type Overlay = { readonly id: number; readonly close: () => void; hasEntry: boolean };

/** The open overlays, topmost last. */
const overlays: Overlay[] = [];

/** Callbacks that wait until the browser has left the entry of a closed overlay. */
const waiting: (() => void)[] = [];

let lastId = 0;
let isLeaving = false;

/** Returns the overlay that a history entry belongs to; 0 for an entry of the page itself. */
const overlayIn = (state: unknown): number =>
  typeof state === "object" && state !== null && "overlay" in state && typeof state.overlay === "number" ? state.overlay : 0;

const isOpen = (id: number): boolean => overlays.some((overlay) => overlay.id === id);

/** Whether the current history entry belongs to an overlay, so that going to another address replaces it. */
export const isAtOverlay = (): boolean => overlayIn(history.state) > 0;

/** Runs a function once the current history entry is settled: immediately, unless the browser is leaving a closed overlay's entry. */
export function whenSettled(run: () => void): void {
  if (isLeaving) waiting.push(run);
  else run();
}

/** Leaves the current entry when its overlay is no longer open. */
function leaveStaleEntry(): void {
  if (isLeaving || !isAtOverlay() || isOpen(overlayIn(history.state))) return;
  isLeaving = true;
  history.back();
}

function enterEntry(overlay: Overlay): void {
  const { id } = overlay;
  if (!isOpen(id)) return;
  overlay.hasEntry = true;
  const state = { overlay: id };
  // Reuse the entry of the overlay that this one replaces.
  if (isAtOverlay() && !isOpen(overlayIn(history.state))) history.replaceState(state, "");
  else history.pushState(state, "");
}

/**
 * Gives an overlay a history entry of its own, so that the browser's "back" closes it instead of leaving the page.
 * @param close is called when the entry is left
 * @returns to be called when the overlay is closed by other means
 */
export function openOverlay(close: () => void): () => void {
  lastId += 1;
  const overlay: Overlay = { id: lastId, close, hasEntry: false };
  overlays.push(overlay);
  whenSettled(() => enterEntry(overlay));
  return () => {
    const at = overlays.indexOf(overlay);
    if (at < 0) return;
    overlays.splice(at, 1);
    // Deferred: another overlay that opens in the same task reuses the entry, and so does another address.
    setTimeout(leaveStaleEntry);
  };
}

/** Starts to close overlays whose entries the browser leaves; to be called once. */
export function watchOverlayHistory(): void {
  window.addEventListener("popstate", ({ state }) => {
    isLeaving = false;
    for (const overlay of [...overlays].reverse()) {
      if (overlay.id <= overlayIn(state)) break;
      // It was opened while the browser was leaving another overlay's entry, and waits for its own.
      if (!overlay.hasEntry) continue;
      overlays.splice(overlays.indexOf(overlay), 1);
      overlay.close();
    }
    leaveStaleEntry();
    if (!isLeaving) for (const run of waiting.splice(0)) run();
  });
  // A reloaded page has no overlay.
  leaveStaleEntry();
}
