import { computed, signal } from "@preact/signals";

export type Route = { name: "lobby" } | { name: "room"; lounge: string; language: string } | { name: "lost" };

export const path = signal(location.pathname);

export const roomPath = (lounge: string, language: string): string => `/l/${encodeURIComponent(lounge)}/${encodeURIComponent(language)}`;

const decoded = (part: string): string => {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
};

/** What an address means. */
export function routeOf(address: string): Route {
  if (address === "/" || address === "") return { name: "lobby" };
  const [, kind, lounge, language, ...rest] = address.replace(/\/$/, "").split("/");
  if (kind === "l" && lounge && language && rest.length === 0)
    return { name: "room", lounge: decoded(lounge), language: decoded(language) };
  return { name: "lost" };
}

export const route = computed(() => routeOf(path.value));

export function go(to: string): void {
  if (to !== location.pathname) history.pushState(null, "", to);
  path.value = to;
}

const plainLeftClick = (event: MouseEvent): boolean =>
  event.button === 0 && !event.defaultPrevented && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;

/** Makes ordinary links to this site change the view instead of loading the page anew. */
export function followLinks(): void {
  window.addEventListener("popstate", () => {
    path.value = location.pathname;
  });
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    if (!link || !plainLeftClick(event) || link.target || link.origin !== location.origin) return;
    if (routeOf(link.pathname).name === "lost") return;
    event.preventDefault();
    go(link.pathname);
  });
}
