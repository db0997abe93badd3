import type { IconNode } from "lucide";
import type { ComponentChildren } from "preact";
import { Icon } from "./icon.tsx";

type NoticeProps = { icon: IconNode; title: string; text?: string; isPage?: boolean; children?: ComponentChildren };

/** Renders a view with one message and one next step. Set `isPage` if it is the page's main heading. */
export function Notice({ icon, title, text, isPage = false, children }: NoticeProps) {
  const Title = isPage ? "h1" : "h2";
  return (
    <div class="notice">
      <span class="notice-sign">
        <Icon icon={icon} size={28} />
      </span>
      <Title class="notice-title">{title}</Title>
      {text && <p>{text}</p>}
      {children}
    </div>
  );
}
