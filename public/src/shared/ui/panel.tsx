import { X } from "lucide";
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { t } from "../../locales/index.ts";
import { openOverlay } from "../state/overlay-history.ts";
import { Icon } from "./icon.tsx";

type PanelProps = { title: string; kind: "sheet" | "side" | "top"; onClose: () => void; children: ComponentChildren };

/** Renders a modal dialog: the browser traps and restores the focus; Esc, a click outside and "back" close it. */
export function Panel({ title, kind, onClose, children }: PanelProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  // In a layout effect, before the next key: input typed right after the opening key belongs to the dialog.
  useLayoutEffect(() => {
    const opened = dialog.current;
    opened?.showModal();
    return openOverlay(() => opened?.close());
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keyboard closes a dialog with Esc
    <dialog
      ref={dialog}
      class={`panel panel-${kind}`}
      aria-label={title}
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && dialog.current?.close()}
    >
      <div class="panel-body">
        <header class="panel-head">
          <h2>{title}</h2>
          <button type="button" class="icon-button" aria-label={t("close")} onClick={() => dialog.current?.close()}>
            <Icon icon={X} size={20} />
          </button>
        </header>
        {children}
      </div>
    </dialog>
  );
}
