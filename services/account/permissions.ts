import type { ErrorCode } from "../../utils/contract/errors.ts";
import { type MeDto, type Permission, permissions } from "../../utils/contract/schemas/auth.ts";
import type { Actor } from "../actor.ts";
import { allOf, type Verdict } from "../authorize.ts";
import { mayManageBots } from "../bots/policy.ts";
import { mayUpgrade } from "../guests/policy.ts";
import { maySendLinks } from "../messages/policy.ts";
import { mayModerateSomewhere } from "../moderation/policy.ts";
import { mayDeleteAccount, mayExportData } from "../privacy/policy.ts";
import { mayChangeRoles } from "../roles/policy.ts";
import { mayEnterLounge } from "../rooms/policy.ts";
import { mayAct, mayWrite } from "../sanctions/policy.ts";
import { mayEditProfile, mayManageAccount } from "./policy.ts";

type Policy = (actor: Actor) => Verdict;

/** Returns the first rejection of several policies, or `granted`. */
const all =
  (...policies: readonly Policy[]): Policy =>
  (actor) =>
    allOf(...policies.map((policy) => policy(actor)));

const enters =
  (accessLevel: Parameters<typeof mayEnterLounge>[1]["accessLevel"]): Policy =>
  (actor) =>
    mayEnterLounge(actor, { accessLevel });

/** The policy behind each permission. The use cases enforce the same policies, so that the UI shows what the server allows. */
export const policies: Readonly<Record<Permission, Policy>> = {
  enter_open_rooms: all(mayAct, enters("open")),
  enter_registered_rooms: all(mayAct, enters("registered")),
  enter_phone_verified_rooms: all(mayAct, enters("phone_verified")),
  enter_age_verified_rooms: all(mayAct, enters("age_verified")),
  send_text: all(mayAct, mayWrite),
  send_links: all(mayAct, mayWrite, maySendLinks),
  report: mayAct,
  upgrade: mayUpgrade,
  edit_profile: mayEditProfile,
  manage_account: mayManageAccount,
  export_data: mayExportData,
  delete_account: mayDeleteAccount,
  change_roles: mayChangeRoles,
  manage_bots: mayManageBots,
  moderate: mayModerateSomewhere,
};

/** What the user can do to get a permission that is denied with this error code. */
const unlockedBy: Partial<Record<ErrorCode, string>> = {
  account_required: "account",
  room_requires_account: "account",
  room_requires_phone: "phone",
  room_requires_age: "age",
};

/** Returns what grants a permission that was rejected: something to do, the end of a temporary restriction, or nothing. */
function unlockOf({ code, data }: Extract<Verdict, { isGranted: false }>): string | null {
  const isTemporary = (code === "muted" || code === "banned") && data?.until != null;
  return isTemporary ? "time" : (unlockedBy[code] ?? null);
}

/** Returns the actor's permissions; for each denied permission also the reason and what would unlock it. */
export function trustOf(actor: Actor): Pick<MeDto, "permissions" | "trust"> {
  const trust = permissions.map((permission) => {
    const verdict = policies[permission](actor);
    return verdict.isGranted
      ? { permission, isGranted: true, reason: null, unlockedBy: null }
      : { permission, isGranted: false, reason: verdict.code, unlockedBy: unlockOf(verdict) };
  });
  return { trust, permissions: trust.filter(({ isGranted }) => isGranted).map(({ permission }) => permission) };
}
