import { type MeDto, type Permission, permissions } from "../../utils/contract/auth.ts";
import type { ErrorCode } from "../../utils/contract/errors.ts";
import { granted, refused, type Verdict } from "../authorize.ts";
import type { Actor } from "../context.ts";
import { maySendLinks } from "../messages/policy.ts";
import { isStaff, mayEnterLounge } from "../rooms/policy.ts";
import { mayAct, maySpeak } from "../sanctions/policy.ts";

type Policy = (actor: Actor) => Verdict;

/** The first no of several policies, or yes. */
const all =
  (...policies: readonly Policy[]): Policy =>
  (actor) =>
    policies.map((policy) => policy(actor)).find(({ isGranted }) => !isGranted) ?? granted;

/** Whether somebody has an account at all, banned or not. */
export const hasAccount = ({ kind }: Pick<Actor, "kind">): Verdict => (kind === "guest" ? refused("account_required") : granted);

/** Whether somebody may have to do with accounts; a bot has its tokens, and who runs the site looks after the rest. */
export const isPerson = (actor: Pick<Actor, "kind"> | null): Verdict => (actor?.kind === "bot" ? refused("forbidden") : granted);

const enters =
  (accessLevel: Parameters<typeof mayEnterLounge>[1]["accessLevel"]): Policy =>
  (actor) =>
    mayEnterLounge(actor, { accessLevel });

/** Whether somebody may become a member; only a guest can. */
export const mayUpgrade: Policy = all(isPerson, mayAct, ({ kind }) => (kind === "guest" ? granted : refused("already_member")));

/** Whether somebody has a profile to write in. */
export const mayEditProfile: Policy = all(isPerson, mayAct, hasAccount);

/** Whether somebody has a password, factors and contacts to change. */
export const mayManageAccount: Policy = all(isPerson, mayAct, hasAccount);

/** Taking one's data along is open to everybody, banned people and guests included. */
export const mayExportData: Policy = isPerson;

/** So is leaving for good. */
export const mayDeleteAccount: Policy = isPerson;

/** Whether somebody decides who is a moderator or an admin. */
export const mayChangeRoles: Policy = all(mayAct, ({ role }) => (role === "admin" ? granted : refused("forbidden")));

/** Whether somebody makes bots and their tokens, and ends them. */
export const mayManageBots: Policy = all(mayAct, ({ role }) => (role === "admin" ? granted : refused("forbidden")));

/** Whether somebody decides what becomes of messages that wait for review. */
export const mayReviewMessages: Policy = all(mayAct, (actor) => (isStaff(actor) ? granted : refused("forbidden")));

/** What somebody may do. The use cases ask the same policies, so that what a page shows is what the server does. */
export const policies: Readonly<Record<Permission, Policy>> = {
  enter_open_rooms: all(mayAct, enters("open")),
  enter_registered_rooms: all(mayAct, enters("registered")),
  enter_phone_verified_rooms: all(mayAct, enters("phone_verified")),
  enter_age_verified_rooms: all(mayAct, enters("age_verified")),
  send_text: all(mayAct, maySpeak),
  send_links: all(mayAct, maySpeak, maySendLinks),
  report: mayAct,
  upgrade: mayUpgrade,
  edit_profile: mayEditProfile,
  manage_account: mayManageAccount,
  export_data: mayExportData,
  delete_account: mayDeleteAccount,
  change_roles: mayChangeRoles,
  manage_bots: mayManageBots,
  review_messages: mayReviewMessages,
};

/** What changes a no into a yes, where somebody can do something about it themselves. */
const keys: Partial<Record<ErrorCode, string>> = {
  account_required: "account",
  room_requires_account: "account",
  room_requires_phone: "phone",
  room_requires_age: "age",
};

/** What somebody is granted, and for all the rest: why not, and what would change it. */
export function trustOf(actor: Actor): Pick<MeDto, "permissions" | "trust"> {
  const trust = permissions.map((permission) => {
    const verdict = policies[permission](actor);
    return verdict.isGranted
      ? { permission, isGranted: true, reason: null, unlockedBy: null }
      : { permission, isGranted: false, reason: verdict.code, unlockedBy: keys[verdict.code] ?? null };
  });
  return { trust, permissions: trust.filter(({ isGranted }) => isGranted).map(({ permission }) => permission) };
}
