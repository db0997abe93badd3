import type { IconNode } from "lucide";
import { h } from "preact";

/** Renders one Lucide icon. It is decorative: the text next to it, or the control's label, conveys the meaning. */
export function Icon({ icon, size = 18 }: { icon: IconNode; size?: number }) {
  const shapes = icon.map(([tag, attributes]) => h(tag, attributes));
  return (
    <svg
      class="icon"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="2"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      {shapes}
    </svg>
  );
}
