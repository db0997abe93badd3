import { number } from "../../locales/index.ts";

const MOST = 99;

/** Formats a badge's number: exact up to a maximum. */
export const badgeText = (count: number): string => (count >= MOST ? `${number(MOST)}+` : number(count));

/** Renders a count, with a label for screen readers. Nothing at zero. */
export function Badge({ count, label, look = "" }: { count: number; label: string; look?: "badge-strong" | "badge-corner" | "" }) {
  if (count === 0) return null;
  return (
    <span class={`badge-count ${look}`}>
      <span aria-hidden="true">{badgeText(count)}</span>
      <span class="sr-only">, {label}</span>
    </span>
  );
}
