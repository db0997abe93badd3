import { mayModerate } from "../../utils/contract/ranks.ts";
import type { AuthorDto } from "../../utils/contract/schemas/users.ts";
import type { Actor } from "../actor.ts";
import { allOf, granted, rejected, type Verdict } from "../authorize.ts";
import { mayAct } from "../sanctions/policy.ts";
import { isPerson, isStaff } from "../users/policy.ts";

/** Where a case or an action belongs: a lounge; null in a conversation, or for the whole site. */
type Place = { readonly loungeId: string | null };

/** Whether the actor moderates something: the whole site, or a lounge. Bots never moderate. */
export const mayModerateSomewhere = (actor: Actor): Verdict =>
  allOf(mayAct(actor), isPerson(actor), isStaff(actor) || actor.moderates.length > 0 ? granted : rejected("forbidden"));

/** Whether the actor moderates the whole site. */
export const mayModerateSite = (actor: Actor): Verdict =>
  allOf(mayAct(actor), isPerson(actor), isStaff(actor) ? granted : rejected("forbidden"));

/** Whether the actor may read the audit log. */
export const mayReadAudit = (actor: Actor): Verdict =>
  allOf(mayAct(actor), isPerson(actor), actor.role === "admin" ? granted : rejected("forbidden"));

/** Whether the actor moderates a lounge. Only the staff of the site moderate what belongs to no lounge. */
export const mayModerateIn = (actor: Actor, { loungeId }: Place): Verdict =>
  isStaff(actor) ? mayModerateSite(actor) : allOf(mayModerateSomewhere(actor), isOwnLounge(actor, loungeId));

const isOwnLounge = ({ moderates }: Actor, loungeId: string | null): Verdict =>
  loungeId !== null && moderates.includes(loungeId) ? granted : rejected("forbidden");

/** The user whom an action concerns, with their role there: that of a moderator in the lounges that they moderate. */
export type Subject = { readonly id: string; readonly role: AuthorDto["role"] };

/**
 * Whether the actor may act on a user there: moderators on users of a lower role, admins on everyone; never on oneself.
 */
export const mayActOn = (actor: Actor, subject: Subject, place: Place): Verdict =>
  allOf(
    mayModerateIn(actor, place),
    mayModerate({ id: actor.id, role: isStaff(actor) ? actor.role : "moderator" }, subject) ? granted : rejected("forbidden"),
  );
