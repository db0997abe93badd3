import { signal } from "@preact/signals";
import type { AppliedActionDto } from "../../../../utils/contract/schemas/moderation/actions.ts";
import type { TargetDto } from "../../../../utils/contract/schemas/moderation/reports.ts";
import type { AuthorDto } from "../../../../utils/contract/schemas/users.ts";
import { onOwnerChange } from "../../storage.ts";

/** The open dialog, if any. */
export const showing = signal<"me" | "switcher" | "keys" | "people" | "newMessage" | null>(null);

/** The open side panel, which replaces the people list, if any. */
export const sidePanel = signal<"search" | "notifications" | "pins" | "members" | null>(null);

/** Opens a side panel, replacing the current one. */
export function openSidePanel(what: NonNullable<typeof sidePanel.value>): void {
  sidePanel.value = what;
}

/** Number of layouts with a third column on the page: without one, side panels open as dialogs. */
export const frames = signal(0);

/** The user whose profile is open, on top of everything else. */
export const shownPerson = signal<AuthorDto | null>(null);

/** What the user reports, and the person it is about; null for a group. */
export type ReportSubject = TargetDto & { readonly who: AuthorDto | null };

/** The subject of the open report dialog, if any. */
export const reporting = signal<ReportSubject | null>(null);

/** The latest action of the moderation that concerns the user, until they dismiss it. */
export const appliedAction = signal<AppliedActionDto["action"] | null>(null);

/** Close what the previous user opened. */
onOwnerChange(() => {
  showing.value = null;
  sidePanel.value = null;
  shownPerson.value = null;
  reporting.value = null;
  appliedAction.value = null;
});
