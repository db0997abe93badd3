import type { User } from "../../prisma/generated/client.ts";
import type { Actor } from "../actor.ts";
import { allOf, granted, rejected, type Verdict } from "../authorize.ts";
import { mayAct } from "../sanctions/policy.ts";

/** Whether the actor may appoint moderators and administrators. */
export const mayChangeRoles = (actor: Actor): Verdict => allOf(mayAct(actor), actor.role === "admin" ? granted : rejected("forbidden"));

/** Whether this person may be given a role: only members, and never the actor, so that one administrator always remains. */
export function mayReceiveRole(actor: Pick<Actor, "id">, { id, kind }: Pick<User, "id" | "kind">): Verdict {
  if (id === actor.id) return rejected("role_not_allowed", { reason: "oneself" });
  return kind === "member" ? granted : rejected("role_not_allowed", { reason: kind });
}
