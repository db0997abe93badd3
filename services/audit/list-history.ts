import { DEFAULT_PAGE, type Page } from "../../utils/contract/schemas/primitives.ts";
import type { ListHistoryInput, SecurityEventDto } from "../../utils/contract/schemas/privacy.ts";
import { END_OF_TIME, pageByTime, readTimeCursor } from "../../utils/cursor.ts";
import type { Ctx } from "../context.ts";
import { deviceName } from "./device-name.ts";

type Row = { id: string; at: Date; action: string; session_id: string | null; user_agent: string | null };

const COLUMNS = `e.id, e.at, e.action,
  CASE WHEN e.subject_type = 'session' THEN e.subject_id::text ELSE e.data->>'sessionId' END AS session_id`;

/** Returns the SQL of one subject's latest entries before a cursor. */
const newestOf = (subject: string): string => `
  SELECT ${COLUMNS} FROM audit_log e WHERE ${subject} AND (e.at, e.id) < ($2, $3) ORDER BY e.at DESC, e.id DESC LIMIT $4`;

/** Selects the entries of a user and of their retained sessions; each session's end has an entry of its own. */
const HISTORY = `
  SELECT h.*, s.user_agent FROM (
    SELECT * FROM (${newestOf("e.subject_type = 'user' AND e.subject_id = $1")}) own
    UNION ALL
    SELECT ended.* FROM sessions o CROSS JOIN LATERAL (${newestOf("e.subject_type = 'session' AND e.subject_id = o.id")}) ended
    WHERE o.user_id = $1 AND o.ended_at IS NOT NULL
    ORDER BY at DESC, id DESC LIMIT $4
  ) h LEFT JOIN sessions s ON s.id::text = h.session_id AND s.user_id = $1
  ORDER BY h.at DESC, h.id DESC`;

/** Returns the caller's security history, newest first, with the device if it is still known, and never who else caused an entry. */
export async function listSecurityHistory({ pool, actor }: Ctx<"pool">, input: ListHistoryInput): Promise<Page<SecurityEventDto>> {
  const limit = input.limit ?? DEFAULT_PAGE;
  const before = readTimeCursor(input.cursor) ?? END_OF_TIME;
  const values = [actor.id, new Date(before.ms), before.id, limit + 1];
  const { rows } = await pool.query<Row>({ name: "security-history", text: HISTORY, values });
  return pageByTime(rows, {
    limit,
    positionOf: ({ at, id }) => ({ at, id }),
    present: ({ id, at, action, session_id, user_agent }) => ({
      id,
      at: at.toISOString(),
      action,
      device: deviceName(user_agent),
      isCurrentSession: session_id === actor.sessionId,
    }),
  });
}
