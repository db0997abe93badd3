import type { AppealDto } from "../../../utils/contract/schemas/moderation/appeals.ts";
import type { AuthorDto } from "../../../utils/contract/schemas/users.ts";
import { presentAuthor } from "../../users/present.ts";
import { userJson } from "../actions/present-action.ts";

/** An appeal with the user who decided it, as `APPEAL_COLUMNS` reads it. */
export type AppealRow = {
  readonly id: string;
  readonly action_id: string;
  readonly user_id: string;
  readonly text: string;
  readonly state: AppealDto["state"];
  readonly answer: string | null;
  readonly created_at: Date;
  readonly decided_at: Date | null;
  readonly decider: AuthorDto | null;
};

/** The columns of `AppealRow`. */
export const APPEAL_COLUMNS = `p.id, p.action_id, p.user_id, p.text, p.state, p.answer, p.created_at, p.decided_at, ${userJson("decider")} AS decider`;

/** The appeal `p`, and what `APPEAL_COLUMNS` reads besides. */
export const APPEAL_JOINED = "appeals p LEFT JOIN users decider ON decider.id = p.decided_by";

/** Returns an appeal; the user who appealed does not see who decided. */
export const presentAppeal = (row: AppealRow, viewer: { readonly id: string }): AppealDto => ({
  id: row.id,
  actionId: row.action_id,
  text: row.text,
  state: row.state,
  answer: row.answer,
  createdAt: row.created_at.toISOString(),
  decidedAt: row.decided_at?.toISOString() ?? null,
  decidedBy: row.decider === null || row.user_id === viewer.id ? null : presentAuthor(row.decider),
});
