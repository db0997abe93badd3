import type { Actor } from "../actor.ts";
import { allOf, type Verdict } from "../authorize.ts";
import { mayAct } from "../sanctions/policy.ts";
import { hasAccount, isPerson } from "../users/policy.ts";

/** Whether the actor has a profile to edit. */
export const mayEditProfile = (actor: Actor): Verdict => allOf(isPerson(actor), mayAct(actor), hasAccount(actor));

/** Whether the actor has a password, factors and contacts to change. */
export const mayManageAccount = (actor: Actor): Verdict => mayEditProfile(actor);
