import { signal } from "@preact/signals";

/** The title of the shown part of a page, if it can't be derived from the address with loaded texts. */
export const partTitle = signal<string | null>(null);
