import { signal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { isTouch } from "../../shared/state/settings.ts";
import { recall, remember } from "../../storage.ts";

const STORED = "consoleKeys";

/** Whether single letters are shortcuts in the console: they can be turned off, since speech input may type them. */
export const areKeysOn = signal(recall(STORED, true) && !isTouch.peek());

export function setKeysOn(is: boolean): void {
  areKeysOn.value = is;
  remember(STORED, is);
}

/** Whether the list of shortcuts is open. */
export const showsKeyList = signal(false);

type Keys = Readonly<Record<string, () => void>>;

const isWriting = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches("input:not([type=checkbox], [type=radio]), textarea, select"));

/** Returns the letter of a key, also on keyboards of other scripts. */
function letterOf({ key, code }: KeyboardEvent): string {
  if (/^[a-z?]$/i.test(key)) return key.toUpperCase();
  return /^Key[A-Z]$/.test(code) ? code.slice(3) : key;
}

/** Handles single keys while no field, dialog or menu has the focus. Combinations belong to the browser and to screen readers. */
export function useConsoleKeys(keys: Keys): void {
  const current = useRef(keys);
  current.current = keys;
  // In a layout effect: the next key may follow at once.
  useLayoutEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat || isWriting(event.target)) return;
      if (document.querySelector("dialog[open], :popover-open")) return;
      const letter = letterOf(event);
      const run = current.current[letter];
      if (!run || (letter !== "?" && (!areKeysOn.peek() || event.shiftKey))) return;
      // Before the shortcuts of the page, of which `?` would list others.
      event.preventDefault();
      event.stopPropagation();
      run();
    };
    window.addEventListener("keydown", onKeyDown, { capture: true });
    return () => window.removeEventListener("keydown", onKeyDown, { capture: true });
  }, []);
}
