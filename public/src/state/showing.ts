import { signal } from "@preact/signals";
import type { AuthorDto } from "../../../utils/contract/users.ts";

/** The one dialog that is open, if any. */
export const showing = signal<"me" | "switcher" | "keys" | "people" | null>(null);

/** What stands beside the messages instead of the people, if anything. */
export const beside = signal<"search" | "notifications" | "pins" | null>(null);

/** Whose profile is looked at, in front of everything else. */
export const shownPerson = signal<AuthorDto | null>(null);
