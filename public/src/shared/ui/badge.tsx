import { number } from "../../locales/index.ts";

const MOST = 99;

/** A number as it stands on a badge: exact up to a bound. */
export const badgeText = (count: number): string => (count >= MOST ? `${number(MOST)}+` : number(count));

/** How many, to see; what they are, to hear. Nothing where there are none. */
export function Badge({ count, label, look = "" }: { count: number; label: string; look?: "badge-strong" | "badge-corner" | "" }) {
  if (count === 0) return null;
  return (
    <span class={`badge-count ${look}`}>
      <span aria-hidden="true">{badgeText(count)}</span>
      <span class="sr-only">, {label}</span>
    </span>
  );
}
