import type { IconNode } from "lucide";
import type { ComponentChildren } from "preact";
import { Icon } from "./icon.tsx";

/** A view that has one thing to say and one next step. */
export function Notice({ icon, title, text, children }: { icon: IconNode; title: string; text?: string; children?: ComponentChildren }) {
  return (
    <div class="notice">
      <span class="notice-sign">
        <Icon icon={icon} size={28} />
      </span>
      <h2>{title}</h2>
      {text && <p>{text}</p>}
      {children}
    </div>
  );
}
