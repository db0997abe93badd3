import type { Actor } from "../actor.ts";
import { allOf, granted, rejected, type Verdict } from "../authorize.ts";
import { mayBeIn } from "../sanctions/policy.ts";
import { isStaff } from "../users/policy.ts";
import type { RoomRecord } from "./room-cache.ts";

type Lounge = NonNullable<RoomRecord["lounge"]>;

/** Whether a user or an anonymous visitor may enter the rooms of a lounge. A private lounge is only visible to users with access. */
export function mayEnterLounge(actor: Actor | null, lounge: Pick<Lounge, "accessLevel">): Verdict {
  if (lounge.accessLevel === "open" || isStaff(actor)) return granted;
  if (lounge.accessLevel === "private") return rejected("not_found");
  if (actor === null || actor.kind === "guest") return rejected("room_requires_account");
  if (lounge.accessLevel === "registered") return granted;
  if (lounge.accessLevel === "phone_verified") return actor.hasVerifiedPhone ? granted : rejected("room_requires_phone");
  return rejected("room_requires_age");
}

/** Whether a user is staff in a room. There is no staff in conversations: they are private to their members. */
export const isStaffIn = (actor: Pick<Actor, "role" | "moderates">, { lounge }: Pick<RoomRecord, "lounge">): boolean =>
  lounge !== null && (isStaff(actor) || actor.moderates.includes(lounge.id));

/** Returns the role of a user in a room: that of a moderator in the lounges that they moderate. */
export const roleIn = (actor: Pick<Actor, "role" | "moderates">, room: Pick<RoomRecord, "lounge">): Actor["role"] =>
  isStaffIn(actor, room) && !isStaff(actor) ? "moderator" : actor.role;

/**
 * Whether a user may read and write in a room: in language rooms according to their lounge and unless they are banned there, in
 * conversations as a member.
 */
export function mayEnter(actor: Actor, room: RoomRecord, isMember: boolean): Verdict {
  if (room.lounge === null) return isMember ? granted : rejected("not_found");
  return room.lounge.isActive ? allOf(mayEnterLounge(actor, room.lounge), mayBeIn(actor, room)) : rejected("not_found");
}

/** Whether a room has a public preview. The result is that of an anonymous visitor for all callers. */
export const mayPreview = ({ lounge }: Pick<RoomRecord, "lounge">): Verdict =>
  lounge?.isActive === true ? mayEnterLounge(null, lounge) : rejected("not_found");

/** Whether the lounge has capacity for one more person. People who are already inside stay. */
export const mayFill = (lounge: Pick<Lounge, "maxCapacity"> | null, onlineCount: number): Verdict =>
  lounge?.maxCapacity != null && onlineCount >= lounge.maxCapacity ? rejected("room_full", { maxCapacity: lounge.maxCapacity }) : granted;
