import { EyeOff } from "lucide";
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { ti } from "../../locales/inbox/index.ts";
import { Icon } from "../../shared/ui/icon.tsx";

/** Replaces a message of a blocked user, which can be shown on request. */
export function BlockedMessage({ rowKey, seq, children }: { rowKey: string; seq: number; children: ComponentChildren }) {
  const [isShown, setShown] = useState(false);
  if (isShown) return <>{children}</>;
  return (
    <li class="message message-folded" data-row={rowKey} data-seq={seq} tabIndex={-1}>
      <p>
        <Icon icon={EyeOff} size={14} />
        <span>{ti("blockedMessage")}</span>
        <button type="button" class="text-button" onClick={() => setShown(true)}>
          {ti("show")}
        </button>
      </p>
    </li>
  );
}
