import { houseRules } from "../../../utils/contract/schemas/moderation/actions.ts";
import type { ListLogInput, LogEntryDto } from "../../../utils/contract/schemas/moderation/records.ts";
import { DEFAULT_PAGE, type Page } from "../../../utils/contract/schemas/primitives.ts";
import { byCreation, END_OF_TIME, pageByTime, readTimeCursor } from "../../../utils/cursor.ts";
import type { OpenCtx } from "../../context.ts";

type Row = Pick<LogEntryDto, "id" | "kind" | "rule" | "role"> & {
  readonly scope_kind: LogEntryDto["scope"]["kind"];
  readonly scope_name: string | null;
  readonly is_automatic: boolean;
  readonly created_at: Date;
  readonly expires_at: Date | null;
  readonly reverted_at: Date | null;
};

/** Warnings are between the staff and the user. The parent of a bulk action has no user; its children are listed. */
const IS_LOGGED = "a.kind <> 'warn' AND a.user_id IS NOT NULL";

/** Conversations belong to no lounge; neither they nor private lounges are public. */
const LIST = `
  SELECT a.id, a.kind, a.rule, a.scope_kind, concat_ws(' · ', l.name, r.name) AS scope_name, a.is_automatic, a.created_at, a.expires_at,
    a.reverted_at, u.role
  FROM moderation_actions a JOIN users u ON u.id = a.user_id
  LEFT JOIN rooms r ON a.scope_kind = 'room' AND r.id = a.scope_id
  LEFT JOIN lounges l ON l.id = CASE a.scope_kind WHEN 'lounge' THEN a.scope_id ELSE r.lounge_id END
  WHERE ${IS_LOGGED} AND (a.scope_kind = 'site' OR l.access_level <> 'private') AND (a.created_at, a.id) < ($1, $2)
  ORDER BY a.created_at DESC, a.id DESC LIMIT $3`;

const knownRules: ReadonlySet<string> = new Set(houseRules);

/** Older actions may cite a rule in words, which could name people. */
const publicRule = (rule: string): string => (knownRules.has(rule) ? rule : "other");

const present = (row: Row): LogEntryDto => ({
  id: row.id,
  kind: row.kind,
  rule: publicRule(row.rule),
  scope: { kind: row.scope_kind, name: row.scope_kind === "site" ? null : row.scope_name },
  role: row.role,
  isAutomatic: row.is_automatic,
  createdAt: row.created_at.toISOString(),
  expiresAt: row.expires_at?.toISOString() ?? null,
  revertedAt: row.reverted_at?.toISOString() ?? null,
});

/**
 * Returns the public moderation log, newest first: all actions but warnings and those in conversations or private lounges, without
 * personal data.
 * @throws AppError `invalid_input`
 */
export async function listModerationLog(ctx: OpenCtx<"pool">, input: ListLogInput): Promise<Page<LogEntryDto>> {
  const limit = input.limit ?? DEFAULT_PAGE;
  const before = readTimeCursor(input.cursor) ?? END_OF_TIME;
  const { rows } = await ctx.pool.query<Row>({ name: "moderation-log", text: LIST, values: [new Date(before.ms), before.id, limit + 1] });
  return pageByTime(rows, { limit, positionOf: byCreation, present });
}
