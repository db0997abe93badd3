import { signal } from "@preact/signals";

/** The current time, updated once a second; only countdowns read it. */
export const now = signal(Date.now());

setInterval(() => {
  now.value = Date.now();
}, 1_000);
