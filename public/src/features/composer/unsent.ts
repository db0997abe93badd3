import { signal } from "@preact/signals";
import { hasDrafts } from "./drafts.ts";

/** Number of the current user's messages that wait in the outbox. */
export const waitingCount = signal(0);

/** Whether the current user has texts that would be deleted with the session: unsent messages or drafts. */
export const hasUnsent = (): boolean => waitingCount.value > 0 || hasDrafts();
