import type { Actor } from "../actor.ts";
import { allOf, granted, rejected, type Verdict } from "../authorize.ts";
import { mayAct } from "../sanctions/policy.ts";
import { isPerson } from "../users/policy.ts";

/** Whether the actor may become a member. Only guests can. */
export const mayUpgrade = (actor: Actor): Verdict =>
  allOf(isPerson(actor), mayAct(actor), actor.kind === "guest" ? granted : rejected("already_member"));
