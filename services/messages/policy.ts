import { limits } from "../../utils/contract/limits.ts";
import { granted, refused, type Verdict } from "../authorize.ts";
import type { Actor } from "../context.ts";
import type { RoomFacts } from "../rooms/directory.ts";
import { isStaff } from "../rooms/policy.ts";

/** A message as far as it decides what somebody may do with it. */
type Owned = { readonly author_id: string; readonly created_at: Date };

const isOwn = (actor: Actor, message: Owned): boolean => message.author_id === actor.id;

/** Nobody is staff in a conversation: its members have it to themselves. */
const isStaffIn = (actor: Actor, room: RoomFacts): boolean => room.lounge !== null && isStaff(actor);

/** Whether somebody may lead others away from here. */
export const maySendLinks = ({ kind }: Pick<Actor, "kind">): Verdict => (kind === "guest" ? refused("account_required") : granted);

/** How many people one message of somebody may name. */
export const mentionsOf = ({ kind }: Pick<Actor, "kind">): number => (kind === "guest" ? limits.mentionsOfGuest : limits.mentions);

/** One's own messages may be changed for a while. */
export function mayEdit(actor: Actor, message: Owned, now: Date): Verdict {
  if (!isOwn(actor, message)) return refused("forbidden");
  return now.getTime() - message.created_at.getTime() <= limits.editWindowMs ? granted : refused("edit_window_closed");
}

/** One's own at any time; in language rooms the staff those of others too. */
export const mayDelete = (actor: Actor, message: Owned, room: RoomFacts): Verdict =>
  isOwn(actor, message) || isStaffIn(actor, room) ? granted : refused("forbidden");

/** What a message said before is its author's to see, and the staff's; once it is deleted, the staff's alone. */
export function mayReadVersions(actor: Actor, message: Owned & { readonly deleted_at: Date | null }, room: RoomFacts): Verdict {
  if (isStaffIn(actor, room)) return granted;
  if (message.deleted_at !== null) return refused("not_found");
  return isOwn(actor, message) ? granted : refused("forbidden");
}

/** The staff pin in language rooms; in a conversation all do. */
export const mayPin = (actor: Actor, room: RoomFacts): Verdict => (room.lounge === null || isStaff(actor) ? granted : refused("forbidden"));

/** Slow mode is for those whom it keeps apart. */
export const waitsInSlowMode = (actor: Actor, room: RoomFacts): boolean => room.slowModeMs > 0 && !isStaffIn(actor, room);
