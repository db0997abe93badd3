import { signal } from "@preact/signals";

/** What the part of a page that is shown is called, where its address alone does not tell in words that are loaded. */
export const partTitle = signal<string | null>(null);
