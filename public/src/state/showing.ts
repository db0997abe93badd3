import { signal } from "@preact/signals";

/** The one dialog that is open, if any. */
export const showing = signal<"me" | "switcher" | "keys" | "people" | null>(null);
