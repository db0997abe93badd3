import { X } from "lucide";
import type { ComponentChildren } from "preact";
import { t } from "../../locales/index.ts";
import { frames } from "../state/dialogs.ts";
import { isWide } from "../state/settings.ts";
import { Icon } from "./icon.tsx";
import { Panel } from "./panel.tsx";

/** Renders a panel in the third column if there is space, otherwise as a dialog. */
export function Side({ title, onClose, children }: { title: string; onClose: () => void; children: ComponentChildren }) {
  if (!isWide.value || frames.value === 0)
    return (
      <Panel title={title} kind="side" onClose={onClose}>
        {children}
      </Panel>
    );
  return (
    <aside class="side" aria-label={title}>
      <header class="side-head">
        <h2 class="side-title">{title}</h2>
        <button type="button" class="icon-button" aria-label={t("close")} title={t("close")} onClick={onClose}>
          <Icon icon={X} size={19} />
        </button>
      </header>
      {children}
    </aside>
  );
}
