import { signal } from "@preact/signals";

const spoken = signal("");

/** Announces a text to screen readers while the console is open. */
export function say(text: string): void {
  // The same text again would be no change, and not be announced.
  spoken.value = spoken.peek() === text ? `${text}\u00a0` : text;
}

/** Renders the live region of the console. */
export const LiveRegion = () => (
  <div class="sr-only" aria-live="polite">
    {spoken.value}
  </div>
);
