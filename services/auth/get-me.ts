import type { MeDto } from "../../utils/contract/auth.ts";
import type { Actor, Ctx } from "../context.ts";
import { presentUser } from "../users/present.ts";

type Trust = MeDto["trust"][number];

const granted = (permission: string): Trust => ({ permission, isGranted: true, reason: null, unlockedBy: null });

/** What somebody may do, and for what they may not: why, and what would change it. */
function trustOf(actor: Actor): Trust[] {
  const rooms: Trust =
    actor.kind === "guest"
      ? { permission: "enter_registered_rooms", isGranted: false, reason: "room_requires_account", unlockedBy: "account" }
      : granted("enter_registered_rooms");
  return [
    granted("enter_open_rooms"),
    granted("send_text"),
    granted("report"),
    rooms,
    { permission: "enter_phone_verified_rooms", isGranted: false, reason: "room_requires_phone", unlockedBy: "phone" },
    { permission: "enter_age_verified_rooms", isGranted: false, reason: "room_requires_age", unlockedBy: "age" },
  ];
}

/** Oneself, with the session and what one may do. */
export const getMe = ({ actor }: Ctx): MeDto => ({
  ...presentUser(actor),
  sessionId: actor.sessionId,
  sessionExpiresAt: actor.sessionExpiresAt.toISOString(),
  permissions: ["enter_open_rooms", "send_text", "report"],
  trust: trustOf(actor),
  verification: { email: false, phone: false, age: false },
});
