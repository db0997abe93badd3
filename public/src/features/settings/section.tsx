import { BadgeCheck, Circle, Clock } from "lucide";
import type { ComponentChildren } from "preact";
import { ta } from "../../locales/account/index.ts";
import { Icon } from "../../shared/ui/icon.tsx";

type SectionProps = { id: string; title: string; text?: ComponentChildren; mark?: ComponentChildren; children?: ComponentChildren };

/** Renders one titled part of a settings page. */
export const Section = ({ id, title, text, mark, children }: SectionProps) => (
  <section class="settings-section" aria-labelledby={`${id}-title`}>
    <div class="settings-section-head">
      <h2 id={`${id}-title`} class="settings-section-title">
        {title}
      </h2>
      {mark}
    </div>
    {text && <p class="settings-section-text">{text}</p>}
    {children}
  </section>
);

const signs = { good: BadgeCheck, waiting: Clock, off: Circle } as const;

/** Shows a state as text and icon. */
export const State = ({ is, children }: { is: keyof typeof signs; children: ComponentChildren }) => (
  <span class={`state state-${is}`}>
    <Icon icon={signs[is]} size={14} />
    {children}
  </span>
);

/** Renders a cancel button. */
export const Cancel = ({ onCancel }: { onCancel: () => void }) => (
  <button type="button" class="button button-quiet" onClick={onCancel}>
    {ta("cancel")}
  </button>
);
