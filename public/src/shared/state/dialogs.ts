import { signal } from "@preact/signals";
import type { AuthorDto } from "../../../../utils/contract/schemas/users.ts";
import { onOwnerChange } from "../../storage.ts";

/** The one dialog that is open, if any. */
export const showing = signal<"me" | "switcher" | "keys" | "people" | "newMessage" | null>(null);

/** What stands beside the messages instead of the people, if anything. */
export const sidePanel = signal<"search" | "notifications" | "pins" | "members" | null>(null);

/** Opens something beside the messages, in the place of what is there. */
export function openSidePanel(what: NonNullable<typeof sidePanel.value>): void {
  sidePanel.value = what;
}

/** How many frames with a third column are on the page: without one, what stands beside comes in front instead. */
export const frames = signal(0);

/** Whose profile is looked at, in front of everything else. */
export const shownPerson = signal<AuthorDto | null>(null);

/** What one person opened is not shown to the next. */
onOwnerChange(() => {
  showing.value = null;
  sidePanel.value = null;
  shownPerson.value = null;
});
