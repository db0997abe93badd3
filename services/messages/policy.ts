import { limits } from "../../utils/contract/limits.ts";
import { mayModerate } from "../../utils/contract/ranks.ts";
import type { AuthorDto } from "../../utils/contract/schemas/users.ts";
import type { Actor } from "../actor.ts";
import { granted, rejected, type Verdict } from "../authorize.ts";
import { isStaffIn, roleIn } from "../rooms/policy.ts";
import type { RoomRecord } from "../rooms/room-cache.ts";

/** The fields of a message that determine the permissions for it. */
type Owned = { readonly author_id: string; readonly created_at: Date };

/** Whether the actor wrote a message. */
export const isOwn = (actor: Actor, message: Pick<Owned, "author_id">): boolean => message.author_id === actor.id;

/** A message with its author's current role. */
type Authored = Pick<Owned, "author_id"> & { readonly author_role: AuthorDto["role"] };

/** Whether a user may moderate another user's message, as staff of this room. */
const moderates = (actor: Actor, { author_id: id, author_role: role }: Authored, room: RoomRecord): boolean =>
  isStaffIn(actor, room) && mayModerate({ id: actor.id, role: roleIn(actor, room) }, { id, role });

/** Whether a user may send links. */
export const maySendLinks = ({ kind }: Pick<Actor, "kind">): Verdict => (kind === "guest" ? rejected("account_required") : granted);

/** Returns how many people one message of a user may mention. */
export const mentionsOf = ({ kind }: Pick<Actor, "kind">): number => (kind === "guest" ? limits.mentionsOfGuest : limits.mentions);

/** Whether a user may edit a message: their own, within the edit window. */
export function mayEdit(actor: Actor, message: Owned, now: Date): Verdict {
  if (!isOwn(actor, message)) return rejected("forbidden");
  return now.getTime() - message.created_at.getTime() <= limits.editWindowMs ? granted : rejected("edit_window_closed");
}

/** Whether a user may delete a message: their own at any time; in language rooms staff also delete those of users of a lower role. */
export const mayDelete = (actor: Actor, message: Authored, room: RoomRecord): Verdict =>
  isOwn(actor, message) || moderates(actor, message, room) ? granted : rejected("forbidden");

/** Whether a user may read previous versions: the author and staff of a higher role; for a deleted message only the latter. */
export function mayReadVersions(actor: Actor, message: Authored & { readonly deleted_at: Date | null }, room: RoomRecord): Verdict {
  if (moderates(actor, message, room)) return granted;
  if (message.deleted_at !== null) return rejected(isStaffIn(actor, room) ? "forbidden" : "not_found");
  return isOwn(actor, message) ? granted : rejected("forbidden");
}

/**
 * Whether a user may pin a message: in language rooms staff pin their own messages and those of users of a lower role; in a conversation
 * all members pin.
 */
export function mayPin(actor: Actor, message: Authored, room: RoomRecord): Verdict {
  if (room.lounge === null) return granted;
  return isStaffIn(actor, room) && (isOwn(actor, message) || moderates(actor, message, room)) ? granted : rejected("forbidden");
}

/** Whether slow mode applies to a user in a room; it does not apply to staff. */
export const isSlowModeLimited = (actor: Actor, room: RoomRecord): boolean => room.slowModeMs > 0 && !isStaffIn(actor, room);
