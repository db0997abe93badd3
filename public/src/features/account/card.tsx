import type { IconNode } from "lucide";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Icon } from "../../shared/ui/icon.tsx";

type CardProps = { title: string; text?: ComponentChildren; children: ComponentChildren };

/** Renders an account page. Its heading takes the focus unless a field has it, so that screen readers announce the new page. */
export function Card({ title, text, children }: CardProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (!heading.current?.parentElement?.contains(document.activeElement)) heading.current?.focus({ preventScroll: true });
  }, [title]);
  return (
    <section class="account-card">
      <h1 ref={heading} class="account-title" tabIndex={-1}>
        {title}
      </h1>
      {text && <p class="account-text">{text}</p>}
      {children}
    </section>
  );
}

type OutcomeProps = { icon: IconNode; title: string; text?: ComponentChildren; children?: ComponentChildren };

/** Shows the result of a completed flow and the next steps. */
export const Outcome = ({ icon, title, text, children }: OutcomeProps) => (
  <div class="account-outcome">
    <span class="notice-sign">
      <Icon icon={icon} size={28} />
    </span>
    <Card title={title} {...(text && { text })}>
      <div class="account-next">{children}</div>
    </Card>
  </div>
);
