import type { Actor } from "../actor.ts";
import { allOf, granted, rejected, type Verdict } from "../authorize.ts";
import { mayAct } from "../sanctions/policy.ts";

/** Whether the actor may create and retire bots and their tokens. */
export const mayManageBots = (actor: Actor): Verdict => allOf(mayAct(actor), actor.role === "admin" ? granted : rejected("forbidden"));
