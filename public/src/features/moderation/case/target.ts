import type { CaseDto } from "../../../../../utils/contract/schemas/moderation/cases.ts";
import type { AuthorDto } from "../../../../../utils/contract/schemas/users.ts";
import type { Target } from "../actions/draft.ts";

/** Returns whom and what the actions of a case concern. A held message isn't published, so that it can't be deleted. */
export const targetOfCase = ({ id, kind, target, subject, roomId, loungeId }: CaseDto): Target => ({
  subject,
  roomId: loungeId === null ? null : roomId,
  loungeId,
  messageId: target.kind === "message" && kind !== "held" ? target.id : null,
  itemId: target.kind === "item" ? target.id : null,
  caseId: id,
});

/** Returns who works on a case; a claim lapses by the clock. */
export const claimerOf = ({ claimedBy, claimExpiresAt }: Pick<CaseDto, "claimedBy" | "claimExpiresAt">): AuthorDto | null =>
  claimExpiresAt !== null && Date.parse(claimExpiresAt) > Date.now() ? claimedBy : null;
