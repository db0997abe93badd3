import { limits } from "../../utils/contract/limits.ts";
import { mayModerate } from "../../utils/contract/ranks.ts";
import type { AuthorDto } from "../../utils/contract/schemas/users.ts";
import type { Actor } from "../actor.ts";
import { granted, rejected, type Verdict } from "../authorize.ts";
import type { RoomRecord } from "../rooms/room-cache.ts";
import { isStaff } from "../users/policy.ts";

/** A message as far as it decides what somebody may do with it. */
type Owned = { readonly author_id: string; readonly created_at: Date };

const isOwn = (actor: Actor, message: Pick<Owned, "author_id">): boolean => message.author_id === actor.id;

/** Nobody is staff in a conversation: its members have it to themselves. */
const isStaffIn = (actor: Actor, room: RoomRecord): boolean => room.lounge !== null && isStaff(actor);

/** A message with the role that its author has now. */
type Authored = Pick<Owned, "author_id"> & { readonly author_role: AuthorDto["role"] };

/** Whether somebody may decide about a message of somebody else, as staff of this room. */
const moderates = (actor: Actor, { author_id: id, author_role: role }: Authored, room: RoomRecord): boolean =>
  isStaffIn(actor, room) && mayModerate(actor, { id, role });

/** Whether somebody may lead others away from here. */
export const maySendLinks = ({ kind }: Pick<Actor, "kind">): Verdict => (kind === "guest" ? rejected("account_required") : granted);

/** How many people one message of somebody may name. */
export const mentionsOf = ({ kind }: Pick<Actor, "kind">): number => (kind === "guest" ? limits.mentionsOfGuest : limits.mentions);

/** One's own messages may be changed for a while. */
export function mayEdit(actor: Actor, message: Owned, now: Date): Verdict {
  if (!isOwn(actor, message)) return rejected("forbidden");
  return now.getTime() - message.created_at.getTime() <= limits.editWindowMs ? granted : rejected("edit_window_closed");
}

/** Own messages at any time; in language rooms staff also delete those of people of a lower role. */
export const mayDelete = (actor: Actor, message: Authored, room: RoomRecord): Verdict =>
  isOwn(actor, message) || moderates(actor, message, room) ? granted : rejected("forbidden");

/** What a message said before is for its author and the staff above the author; once it is deleted, for the latter alone. */
export function mayReadVersions(actor: Actor, message: Authored & { readonly deleted_at: Date | null }, room: RoomRecord): Verdict {
  if (moderates(actor, message, room)) return granted;
  if (message.deleted_at !== null) return rejected(isStaffIn(actor, room) ? "forbidden" : "not_found");
  return isOwn(actor, message) ? granted : rejected("forbidden");
}

/** In language rooms staff pin their own messages and those of people of a lower role; in a conversation all members pin. */
export function mayPin(actor: Actor, message: Authored, room: RoomRecord): Verdict {
  if (room.lounge === null) return granted;
  return isStaffIn(actor, room) && (isOwn(actor, message) || moderates(actor, message, room)) ? granted : rejected("forbidden");
}

/** Slow mode is for those whom it keeps apart. */
export const isSlowModeLimited = (actor: Actor, room: RoomRecord): boolean => room.slowModeMs > 0 && !isStaffIn(actor, room);
