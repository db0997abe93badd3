import "../../styles/features/undo.css";
import { useLayoutEffect, useRef } from "preact/hooks";
import { ti } from "../../locales/inbox/index.ts";
import { useFocusAfter } from "../../shared/keyboard/use-page-focus.ts";
import { undoable, undoNow } from "../../shared/state/undo.ts";

/**
 * Shows the last action at the bottom edge and offers to undo it. The control that was used is gone from the page, so the focus moves here;
 * if it is still here when the offer ends, it moves to the page.
 */
export function UndoBar() {
  const button = useRef<HTMLButtonElement>(null);
  const offer = undoable.value;
  useLayoutEffect(() => {
    button.current?.focus({ preventScroll: true });
  }, [offer?.undo]);
  useFocusAfter(button);
  if (!offer) return null;
  return (
    <div class="undo-bar">
      <p id="undo-text" role="status">
        {offer.text}
        {offer.failure && <strong> {offer.failure}</strong>}
      </p>
      <button ref={button} type="button" class="undo-button" aria-describedby="undo-text" onClick={() => void undoNow()}>
        {ti("undo")}
      </button>
    </div>
  );
}
