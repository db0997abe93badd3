import { effect } from "@preact/signals";
import { attention } from "../inbox/inbox.ts";

const PLAIN = "/icon.svg";

/** Returns the favicon with a number on it; the same drawing as `icon.svg`, inlined because a data URL needs no request. */
function badged(text: string): string {
  const width = text.length > 2 ? 44 : text.length > 1 ? 36 : 30;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" rx="17" fill="#4a48c4"/><path d="M14 20a6 6 0 0 1 6-6h17a6 6 0 0 1 6 6v9a6 6 0 0 1-6 6H25l-7 6v-6.3A6 6 0 0 1 14 29z" fill="#fff"/><rect x="${64 - width}" y="32" width="${width}" height="32" rx="16" fill="#c62f2f"/><text x="${64 - width / 2}" y="56" font-family="sans-serif" font-size="24" font-weight="700" text-anchor="middle" fill="#fff">${text}</text></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

/** Keeps the favicon's badge equal to the number of items that need attention. */
export function wearBadge(): void {
  const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  if (!link) return;
  effect(() => {
    const count = attention.value;
    link.href = count === 0 ? PLAIN : badged(count > 99 ? "99" : String(count));
  });
}
