import { computed, effect, signal } from "@preact/signals";
import { recall, remember } from "../../storage.ts";

export const themes = ["system", "light", "dark", "contrast"] as const;
export type Theme = (typeof themes)[number];

export type Settings = { theme: Theme; locale: string | null; enterSends: boolean; showsPeople: boolean };

const defaults: Settings = { theme: "system", locale: null, enterSends: true, showsPeople: true };

export const settings = signal<Settings>({ ...defaults, ...recall<Partial<Settings>>("settings", {}) });

export function changeSettings(change: Partial<Settings>): void {
  settings.value = { ...settings.value, ...change };
  remember("settings", settings.value);
}

const media = (query: string) => {
  const list = window.matchMedia(query);
  const matches = signal(list.matches);
  list.addEventListener("change", (event) => {
    matches.value = event.matches;
  });
  return matches;
};

const prefersDark = media("(prefers-color-scheme: dark)");
const prefersContrast = media("(prefers-contrast: more)");

/** Whether there is space for three columns. */
export const isWide = media("(min-width: 1100px)");
/** Whether there is space for two columns. */
export const isMiddle = media("(min-width: 720px)");
/** Whether there is no fine pointer: Enter belongs to the on-screen keyboard then. */
export const isTouch = media("(hover: none) and (pointer: coarse)");

const shownTheme = computed(() => {
  const { theme } = settings.value;
  if (theme !== "system") return theme;
  if (prefersContrast.value) return "contrast";
  return prefersDark.value ? "dark" : "light";
});

/** Keeps `data-theme` on the document equal to the setting. */
export const wearTheme = (): (() => void) =>
  effect(() => {
    document.documentElement.dataset.theme = shownTheme.value;
  });
