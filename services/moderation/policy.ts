import { mayModerate } from "../../utils/contract/ranks.ts";
import type { AuthorDto } from "../../utils/contract/schemas/users.ts";
import type { Actor } from "../actor.ts";
import { allOf, granted, rejected, type Verdict } from "../authorize.ts";
import { mayAct } from "../sanctions/policy.ts";
import { isStaff } from "../users/policy.ts";

/** Whether the actor may resolve reviews. */
export const mayReviewMessages = (actor: Actor): Verdict => allOf(mayAct(actor), isStaff(actor) ? granted : rejected("forbidden"));

/**
 * Whether the actor may resolve the review of this message: not of their own messages, nor of those of users with an equal or higher role.
 */
export const mayDecideHeld = (
  actor: Actor,
  { author_id: id, author_role: role }: { readonly author_id: string; readonly author_role: AuthorDto["role"] },
): Verdict => (mayModerate(actor, { id, role }) ? granted : rejected("forbidden"));
