import type { Actor } from "../actor.ts";
import { granted, rejected, type Verdict } from "../authorize.ts";
import { isStaff } from "../users/policy.ts";
import type { RoomRecord } from "./room-cache.ts";

type Lounge = NonNullable<RoomRecord["lounge"]>;

/** Whether somebody, or a stranger, may enter the rooms of a lounge. A private lounge is shown to nobody it has not let in. */
export function mayEnterLounge(actor: Actor | null, lounge: Pick<Lounge, "accessLevel">): Verdict {
  if (lounge.accessLevel === "open" || isStaff(actor)) return granted;
  if (lounge.accessLevel === "private") return rejected("not_found");
  if (actor === null || actor.kind === "guest") return rejected("room_requires_account");
  if (lounge.accessLevel === "registered") return granted;
  if (lounge.accessLevel === "phone_verified") return actor.hasVerifiedPhone ? granted : rejected("room_requires_phone");
  return rejected("room_requires_age");
}

/** Whether somebody may read and write in a room. Language rooms are open to whom their lounge lets in; conversations to their members. */
export function mayEnter(actor: Actor, room: RoomRecord, isMember: boolean): Verdict {
  if (room.lounge === null) return isMember ? granted : rejected("not_found");
  return room.lounge.isActive ? mayEnterLounge(actor, room.lounge) : rejected("not_found");
}

/** Whether a room is shown to those who have not joined. The answer is the one that a visitor gets at the door, whoever asks. */
export const mayPreview = ({ lounge }: Pick<RoomRecord, "lounge">): Verdict =>
  lounge?.isActive === true ? mayEnterLounge(null, lounge) : rejected("not_found");

/** Whether there is room for one more. Those already inside stay. */
export const mayFill = (lounge: Pick<Lounge, "maxCapacity"> | null, onlineCount: number): Verdict =>
  lounge?.maxCapacity != null && onlineCount >= lounge.maxCapacity ? rejected("room_full", { maxCapacity: lounge.maxCapacity }) : granted;
