import type { CaseDto, ListCasesInput } from "../../../utils/contract/schemas/moderation/cases.ts";
import { DEFAULT_PAGE, type Page } from "../../../utils/contract/schemas/primitives.ts";
import { invalidCursor, LOWEST_ID, UUID } from "../../../utils/cursor.ts";
import { authorize } from "../../authorize.ts";
import type { Ctx } from "../../context.ts";
import { mayModerateSomewhere } from "../policy.ts";
import { MAX_SCORE } from "../reports/score.ts";
import { IS_SHOWN, viewerValues } from "./case-policy.ts";
import { CASE_COLUMNS, CASE_JOINED, type CaseRow, presentCase } from "./present-case.ts";

/** The order of the list: unresolved cases first, then by score, then the oldest first. */
type CasePosition = { readonly isResolved: boolean; readonly score: number; readonly ms: number; readonly id: string };

const CURSOR = new RegExp(`^([01])\\.(\\d{1,10})\\.(\\d{1,15})\\.(${UUID})$`);
const START: CasePosition = { isResolved: false, score: MAX_SCORE, ms: 0, id: LOWEST_ID };

function readPosition(cursor: string | undefined): CasePosition {
  if (cursor === undefined) return START;
  const [, isResolved, score, ms, id] = CURSOR.exec(cursor) ?? [];
  if (id === undefined || Number(score) > MAX_SCORE) return invalidCursor();
  return { isResolved: isResolved === "1", score: Number(score), ms: Number(ms), id };
}

const writePosition = (row: CaseRow): string => [row.is_resolved ? 1 : 0, row.score, row.created_at.getTime(), row.id].join(".");

/** `$4` to `$7` are the position, `$8` is the time, the rest are filters. The first condition bounds the scan of the index. */
const LIST = `
  SELECT ${CASE_COLUMNS} FROM ${CASE_JOINED}
  WHERE ${IS_SHOWN}
    AND c.is_resolved >= $4 AND (c.is_resolved > $4 OR (c.score <= $5 AND (c.score < $5 OR (c.created_at, c.id) > ($6::timestamptz, $7::uuid))))
    AND ($9::text IS NULL OR CASE WHEN c.is_resolved THEN 'resolved' WHEN c.claimed_by IS NOT NULL AND c.claim_expires_at > $8 THEN 'claimed'
      ELSE 'open' END = $9)
    AND ($10::case_kind IS NULL OR c.kind = $10)
    AND ($11::text IS NULL OR c.reason = $11 OR EXISTS (SELECT FROM reports r WHERE r.case_id = c.id AND r.reason = $11))
    AND ($12::uuid IS NULL OR c.room_id = $12) AND ($13::text IS NULL OR c.language_code = $13)
    AND ($14::uuid IS NULL OR c.subject_id = $14)
  ORDER BY c.is_resolved, c.score DESC, c.created_at, c.id LIMIT $15`;

/**
 * Lists the cases that the actor may resolve: unresolved ones first, those with the highest score first, then the oldest.
 * @throws AppError `forbidden` for all but staff
 */
export async function listCases({ pool, actor, now }: Ctx<"pool" | "now">, input: ListCasesInput): Promise<Page<CaseDto>> {
  authorize(mayModerateSomewhere(actor));
  const limit = input.limit ?? DEFAULT_PAGE;
  const { isResolved, score, ms, id } = readPosition(input.cursor);
  const { state = null, kind = null, reason = null, roomId = null, languageCode = null, subjectId = null } = input;
  const at = now();
  const position = [isResolved, score, new Date(ms), id, at];
  const filters = [state, kind, reason, roomId, languageCode, subjectId];
  const { rows } = await pool.query<CaseRow>(LIST, [...viewerValues(actor), ...position, ...filters, limit + 1]);
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  return { items: page.map((row) => presentCase(row, at)), nextCursor: last ? writePosition(last) : null };
}
