import type pg from "pg";
import type { AppealDto, ListAppealsInput } from "../../../utils/contract/schemas/moderation/appeals.ts";
import { DEFAULT_PAGE, type Page } from "../../../utils/contract/schemas/primitives.ts";
import { END_OF_TIME, invalidCursor, LOWEST_ID, readTimeCursor, type TimeCursor, writeTimeCursor } from "../../../utils/cursor.ts";
import type { Ctx } from "../../context.ts";
import { scopesOf } from "../actions/staff-scope.ts";
import { mayModerateSomewhere } from "../policy.ts";
import { APPEAL_COLUMNS, APPEAL_JOINED, type AppealRow, presentAppeal } from "./present-appeal.ts";

const OWN = `
  SELECT ${APPEAL_COLUMNS} FROM ${APPEAL_JOINED}
  WHERE p.user_id = $1 AND ($2::appeal_state IS NULL OR p.state = $2) AND (p.created_at, p.id) < ($3, $4)
  ORDER BY p.created_at DESC, p.id DESC LIMIT $5`;

/** Returns the SQL of the appeals in some states, oldest first. */
const oldestOf = (isVisible: string): string => `
  SELECT ${APPEAL_COLUMNS} FROM ${APPEAL_JOINED}
  WHERE ${isVisible} AND p.state = ANY($1::appeal_state[]) AND (p.created_at, p.id) > ($2, $3) ORDER BY p.created_at, p.id LIMIT $4`;

/** Moderators of lounges see the appeals in their scopes, and their own ones. */
const IN_SCOPES = oldestOf(`p.id IN (
    SELECT s.id FROM moderation_actions a JOIN appeals s ON s.action_id = a.id WHERE a.scope_id = ANY($5::uuid[])
    UNION ALL SELECT s.id FROM appeals s WHERE s.user_id = $6)`);
const ALL = oldestOf("true");

const START_OF_TIME: TimeCursor = { ms: 0, id: LOWEST_ID };

/** The parts of the staff's list, in their order. */
const parts = ["open", "decided"] as const;
const statesOf = { open: ["open"], decided: ["upheld", "reversed"] } as const;
type Part = (typeof parts)[number];

/** A position in the staff's list. */
type Position = { readonly part: Part; readonly after: TimeCursor };

const PART_CURSOR = /^(open|decided)\.(.+)$/;

/** @throws AppError `invalid_input` */
function readPosition(cursor: string | undefined): Position {
  if (cursor === undefined) return { part: "open", after: START_OF_TIME };
  const [, part, time] = PART_CURSOR.exec(cursor) ?? [];
  return { part: parts.find((one) => one === part) ?? invalidCursor(), after: readTimeCursor(time) ?? START_OF_TIME };
}

const timeOf = ({ created_at, id }: AppealRow): TimeCursor => ({ ms: created_at.getTime(), id });

/** Reads at most `limit` appeals of one part of the staff's list. */
async function readPart(ctx: Ctx<"pool">, { part, after }: Position, { state, limit }: ListAppealsInput & { limit: number }) {
  const states = statesOf[part].filter((one) => state === undefined || one === state);
  const scopes = await scopesOf(ctx);
  const values = [states, new Date(after.ms), after.id, limit];
  const rest = scopes === null ? [] : [scopes, ctx.actor.id];
  return (await ctx.pool.query<AppealRow>(scopes === null ? ALL : IN_SCOPES, [...values, ...rest])).rows;
}

/** Reads one more than `limit` appeals of the staff's list: the open ones, then the decided ones. */
async function readForStaff(ctx: Ctx<"pool">, input: ListAppealsInput, limit: number): Promise<AppealRow[]> {
  const from = readPosition(input.cursor);
  const first = await readPart(ctx, from, { ...input, limit: limit + 1 });
  if (from.part === "decided" || first.length > limit) return first;
  const rest = await readPart(ctx, { part: "decided", after: START_OF_TIME }, { ...input, limit: limit + 1 - first.length });
  return [...first, ...rest];
}

async function readOwn(pool: pg.Pool, userId: string, { state, cursor, limit }: ListAppealsInput & { limit: number }) {
  const before = readTimeCursor(cursor) ?? END_OF_TIME;
  return (await pool.query<AppealRow>(OWN, [userId, state ?? null, new Date(before.ms), before.id, limit + 1])).rows;
}

/**
 * Returns appeals: to staff those in their scope and their own, the open ones first, oldest first; to everyone else, and to banned staff,
 * their own, newest first. Users do not see who decided about their appeals.
 * @throws AppError `invalid_input`
 */
export async function listAppeals(ctx: Ctx<"pool">, input: ListAppealsInput): Promise<Page<AppealDto>> {
  const limit = input.limit ?? DEFAULT_PAGE;
  const isForStaff = mayModerateSomewhere(ctx.actor).isGranted;
  const rows = isForStaff ? await readForStaff(ctx, input, limit) : await readOwn(ctx.pool, ctx.actor.id, { ...input, limit });
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  const cursorOf = (row: AppealRow): string => {
    const time = writeTimeCursor(timeOf(row));
    return isForStaff ? `${row.state === "open" ? "open" : "decided"}.${time}` : time;
  };
  return { items: page.map((row) => presentAppeal(row, ctx.actor)), nextCursor: last ? cursorOf(last) : null };
}
