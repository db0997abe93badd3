import { batch, computed, effect, signal } from "@preact/signals";
import { isAtOverlay, watchOverlayHistory, whenSettled } from "./overlay-history.ts";

export const accountPages = ["signup", "signin", "reset-password", "verify-email"] as const;
export type AccountPage = (typeof accountPages)[number];

export const settingsSections = [
  "profile",
  "security",
  "devices",
  "privacy",
  "notifications",
  "appearance",
  "language",
  "keyboard",
  "data",
  "trust",
  "bots",
] as const;
export type SettingsSection = (typeof settingsSections)[number];

export const moderationSections = ["cases", "appeals", "rules", "raid", "figures", "log", "audit"] as const;
export type ModerationSection = (typeof moderationSections)[number];

export const recordPages = ["moderation", "reports"] as const;
export type RecordPage = (typeof recordPages)[number];

export type Route =
  | { name: "lobby" }
  /** What is new since the last visit, for signed-in users. */
  | { name: "home" }
  /** All lounges. */
  | { name: "lounges" }
  /** The rooms that the user may enter, and their own menu: pages of a phone's bottom bar. */
  | { name: "rooms" }
  | { name: "me" }
  /** Decisions of the moderation about the user, and the user's reports. */
  | { name: "record"; page: RecordPage }
  | { name: "room"; lounge: string; language: string }
  /** Without an ID it is the list. */
  | { name: "messages"; roomId: string | null }
  | { name: "account"; page: AccountPage }
  /** Without a section it is the list. */
  | { name: "settings"; section: SettingsSection | null }
  /** `id` is the case, or the rule: `new` for one that doesn't exist yet. */
  | { name: "moderation"; section: ModerationSection; id: string | null }
  | { name: "lost" };

export const path = signal(location.pathname);

const messageIn = (query: string): string | null => new URLSearchParams(query).get("m");

/** The message that the address points to (`?m=`), shown once and then cleared. */
export const wantedMessage = signal<string | null>(messageIn(location.search));

export const roomPath = (lounge: string, language: string): string => `/l/${encodeURIComponent(lounge)}/${encodeURIComponent(language)}`;

export const conversationPath = (roomId: string): string => `/m/${roomId}`;

const decoded = (part: string): string => {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
};

const settingsRoute = (section: string | undefined): Route => {
  if (!section) return { name: "settings", section: null };
  const known = settingsSections.find((one) => one === section);
  return known ? { name: "settings", section: known } : { name: "lost" };
};

const moderationRoute = (first: string | undefined, id: string | undefined): Route => {
  const section = moderationSections.find((one) => one === (first ?? "cases"));
  const hasPages = section === "cases" || section === "rules";
  return section && (id === undefined || hasPages) ? { name: "moderation", section, id: id ?? null } : { name: "lost" };
};

/** Returns the route of an address. */
export function routeOf(address: string): Route {
  if (address === "/" || address === "") return { name: "lobby" };
  const [, kind, first, second, ...rest] = address.replace(/\/$/, "").split("/");
  if (kind === "l" && first && second && rest.length === 0) return { name: "room", lounge: decoded(first), language: decoded(second) };
  if (kind === "m" && second === undefined) return { name: "messages", roomId: first ?? null };
  if (kind === "settings" && second === undefined) return settingsRoute(first);
  if (kind === "moderation" && rest.length === 0) return moderationRoute(first, second);
  const record = kind === "me" && second === undefined ? recordPages.find((one) => one === first) : undefined;
  if (record) return { name: "record", page: record };
  if ((kind === "home" || kind === "lounges" || kind === "rooms" || kind === "me") && first === undefined) return { name: kind };
  const page = first === undefined ? accountPages.find((one) => one === kind) : undefined;
  return page ? { name: "account", page } : { name: "lost" };
}

export const route = computed(() => routeOf(path.value));

/** Where a user continues after signing in: the room they came from, or the lounges. */
export const backPath = signal("/");

effect(() => {
  if (["room", "messages", "lobby", "home", "lounges", "rooms"].includes(route.value.name)) backPath.value = path.value;
});

/** Whether the page was opened at the site's root, and the user has not navigated since. */
export const isFirstEntry = signal(path.peek() === "/");

effect(() => {
  if (path.value !== "/") isFirstEntry.value = false;
});

/** Goes to an address and replaces the current one, so that "back" does not return to it. */
export function goInstead(to: string): void {
  history.replaceState(null, "", to);
  path.value = to;
}

/** Adds a history entry for an address; replaces the entry of an open overlay. */
function enter(to: string): void {
  if (isAtOverlay()) history.replaceState(null, "", to);
  else if (to !== location.pathname + location.search) history.pushState(null, "", to);
}

/** Goes to an address of this site, with or without a query. */
export function go(to: string): void {
  whenSettled(() => enter(to));
  const [pathname = to, query = ""] = to.split("?");
  batch(() => {
    path.value = pathname;
    wantedMessage.value = messageIn(query);
  });
  window.scrollTo(0, 0);
}

/** Anchors in the page are short names; a mailed secret is longer. */
const hasSecret = (): boolean => location.hash.length > 20;

/** Number of times a mailed link was opened in this tab while its page was already open. */
export const navigationCount = signal(0);

/** Takes the secret out of the address, so that it stays neither in the history nor visible. Empty if there is none. */
export function takeSecret(): string {
  if (!hasSecret()) return "";
  const secret = location.hash.slice(1);
  history.replaceState(history.state, "", location.pathname);
  return secret;
}

const plainLeftClick = (event: MouseEvent): boolean =>
  event.button === 0 && !event.defaultPrevented && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;

/** Makes ordinary links to this site change the view instead of reloading the page. */
export function followLinks(): void {
  watchOverlayHistory();
  window.addEventListener("popstate", () => {
    batch(() => {
      path.value = location.pathname;
      wantedMessage.value = messageIn(location.search);
    });
    if (hasSecret()) navigationCount.value += 1;
  });
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    if (!link || !plainLeftClick(event) || link.target || link.origin !== location.origin) return;
    if (routeOf(link.pathname).name === "lost" || link.hash !== "") return;
    event.preventDefault();
    go(link.pathname + link.search);
  });
}
