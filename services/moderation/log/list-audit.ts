import type { AuditRowDto, ListAuditInput } from "../../../utils/contract/schemas/moderation/records.ts";
import { DEFAULT_PAGE, type Page } from "../../../utils/contract/schemas/primitives.ts";
import { invalidCursor } from "../../../utils/cursor.ts";
import { authorize } from "../../authorize.ts";
import type { Ctx } from "../../context.ts";
import { mayReadAudit } from "../policy.ts";

type Row = Omit<AuditRowDto, "at"> & { readonly at: Date };

const COLUMNS = `e.id, c.number, e.at, e.actor_id AS "actorId", e.action, e.subject_type AS "subjectType", e.subject_id AS "subjectId", e.data,
  e.request_id AS "requestId", encode(c.hash, 'hex') AS hash, encode(c.previous_hash, 'hex') AS "previousHash"`;

const NUMBER = /^\d{1,15}$/;

/** The columns by which rows are selected. Each has an index. */
const FILTERS = [
  ["action", "e.action"],
  ["actorId", "e.actor_id"],
  ["subjectId", "e.subject_id"],
] as const;

/** Returns the number before which a page begins. */
function readCursor(cursor: string | undefined): number {
  if (cursor === undefined) return Number.MAX_SAFE_INTEGER;
  return NUMBER.test(cursor) ? Number(cursor) : invalidCursor();
}

/** Builds the statement with the conditions of the given filters. */
function listOf(input: ListAuditInput, { values }: { readonly values: unknown[] }): string {
  const conditions = FILTERS.flatMap(([name, column]) => {
    if (input[name] === undefined) return [];
    values.push(input[name]);
    return [` AND ${column} = $${values.length}`];
  });
  return `SELECT ${COLUMNS} FROM audit_log e JOIN audit_chain c ON c.entry_id = e.id WHERE c.number < $1${conditions.join("")}
    ORDER BY c.number DESC LIMIT $2`;
}

/**
 * Returns rows of the audit log with their position in the chain, newest first.
 * @throws AppError `forbidden` for all but admins, `invalid_input`
 */
export async function listAudit(ctx: Ctx<"pool">, input: ListAuditInput): Promise<Page<AuditRowDto>> {
  authorize(mayReadAudit(ctx.actor));
  const limit = input.limit ?? DEFAULT_PAGE;
  const values: unknown[] = [readCursor(input.cursor), limit + 1];
  const { rows } = await ctx.pool.query<Row>(listOf(input, { values }), values);
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  return {
    items: page.map(({ at, ...row }) => ({ ...row, at: at.toISOString() })),
    nextCursor: last ? String(last.number) : null,
  };
}
