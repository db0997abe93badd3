import { signal } from "@preact/signals";
import { hasDrafts } from "./drafts.ts";

/** How many messages of the present person wait in the outbox. */
export const waitingCount = signal(0);

/** Whether the present person's session holds texts that would be deleted with it: unsent messages or drafts. */
export const hasUnsent = (): boolean => waitingCount.value > 0 || hasDrafts();
