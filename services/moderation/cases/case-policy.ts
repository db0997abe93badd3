import type { CaseDto } from "../../../utils/contract/schemas/moderation/cases.ts";
import type { Actor } from "../../actor.ts";
import { allOf, granted, rejected, type Verdict } from "../../authorize.ts";
import { isStaff } from "../../users/policy.ts";
import { mayModerateIn } from "../policy.ts";
import type { CaseRow } from "./present-case.ts";

type Shown = Pick<CaseRow, "subject_id" | "lounge_id" | "is_for_admins">;

/** The part of a user that determines which cases they see. */
export type Viewer = Pick<Actor, "id" | "role" | "moderates">;

/**
 * Whether a user sees a case: site staff see all, moderators those of their lounges, but only admins see those about moderators. No one
 * sees a case about themselves, because it names the reporters.
 */
export const isShownTo = ({ id, role, moderates }: Viewer, { subject_id, lounge_id, is_for_admins }: Shown): boolean =>
  subject_id !== id && (role === "admin" || !is_for_admins) && (isStaff({ role }) || (lounge_id !== null && moderates.includes(lounge_id)));

/** Whether the actor may see a case. */
export const maySeeCase = (actor: Actor, row: Shown): Verdict =>
  allOf(mayModerateIn(actor, { loungeId: row.lounge_id }), isShownTo(actor, row) ? granted : rejected("forbidden"));

/** The condition for `isShownTo` of a case `c` in SQL; `$1` is the user, `$2` their role, `$3` the lounges they moderate. */
export const IS_SHOWN = `c.subject_id IS DISTINCT FROM $1::uuid AND ($2::text = 'admin' OR NOT c.is_for_admins)
  AND ($2::text IN ('moderator', 'admin') OR c.lounge_id = ANY($3::uuid[]))`;

export const viewerValues = ({ id, role, moderates }: Viewer): unknown[] => [id, role, moderates];

/** Whether a case of this kind can have this outcome: a held message is approved or refused, any other case dismissed or actioned. */
export const canHaveOutcome = (kind: CaseDto["kind"], outcome: NonNullable<CaseDto["outcome"]>): boolean =>
  (kind === "held") === (outcome === "approved" || outcome === "refused");
