import { DAY_MS } from "../../../utils/clock.ts";
import type { FiguresDto, FiguresInput } from "../../../utils/contract/schemas/moderation/records.ts";
import { idAt } from "../../../utils/ids.ts";
import { authorize } from "../../authorize.ts";
import type { Ctx } from "../../context.ts";
import { mayModerateSomewhere } from "../policy.ts";

/** How many days the figures cover by default. */
const DEFAULT_DAYS = 30;

/** `$1` is the beginning of the first day, `$2` the present time. One row per language, and one for all, whose `is_total` is 1. */
const CASES = `
  SELECT language_code AS "languageCode", grouping(language_code) AS is_total, count(*)::int AS cases,
    (count(*) FILTER (WHERE NOT is_resolved))::int AS "openCases",
    round(percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM resolved_at - created_at) * 1000))::float8 AS "medianFirstActionMs"
  FROM moderation_cases WHERE created_at >= $1 AND created_at <= $2
  GROUP BY GROUPING SETS ((language_code), ()) ORDER BY cases DESC, language_code`;

type LanguageRow = FiguresDto["byLanguage"][number] & { readonly is_total: number };

const TOTALS = `
  SELECT (SELECT count(*)::int FROM moderation_cases WHERE NOT is_resolved) AS "openCases",
    (SELECT round(extract(epoch FROM greatest($2, min(created_at)) - min(created_at)) * 1000)::float8 FROM moderation_cases WHERE NOT is_resolved) AS "oldestOpenMs",
    (SELECT (count(*) FILTER (WHERE state = 'reversed'))::float8 / nullif(count(*), 0) FROM appeals
      WHERE state <> 'open' AND decided_at >= $1 AND decided_at <= $2) AS "reversalRate"`;

type Totals = Pick<FiguresDto, "openCases" | "oldestOpenMs" | "reversalRate">;

/** Ids of messages begin with the time at which they were created, so a range of the primary key has the messages of a day. */
const SERIES = `
  SELECT to_char(d.day, 'YYYY-MM-DD') AS day,
    (SELECT count(*)::int FROM reports r WHERE r.created_at >= d.from AND r.created_at < d.to) AS reports,
    (SELECT count(*)::int FROM moderation_actions a WHERE a.created_at >= d.from AND a.created_at < d.to AND a.user_id IS NOT NULL) AS actions,
    (SELECT count(*)::int FROM appeals p WHERE p.created_at >= d.from AND p.created_at < d.to) AS appeals,
    (SELECT count(*)::int FROM messages m WHERE m.id >= d.first_id AND m.id < d.end_id) AS messages
  FROM unnest($1::date[], $2::timestamptz[], $3::timestamptz[], $4::uuid[], $5::uuid[]) AS d(day, "from", "to", first_id, end_id) ORDER BY d.day`;

type Day = FiguresDto["series"][number];

/** Returns the beginnings of the latest days in UTC, oldest first; the last day is today. */
function daysUntil(now: Date, days: number): Date[] {
  const today = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate());
  return Array.from({ length: days }, (_, index) => new Date(today - (days - 1 - index) * DAY_MS));
}

async function readSeries({ pool }: Ctx<"pool">, starts: readonly Date[]): Promise<Day[]> {
  const ends = starts.map((start) => new Date(start.getTime() + DAY_MS));
  const values = [starts.map((start) => start.toISOString().slice(0, 10)), starts, ends, starts.map(idAt), ends.map(idAt)];
  return (await pool.query<Day>(SERIES, values)).rows;
}

const sumOf = (series: readonly Day[], field: "reports" | "messages"): number => series.reduce((total, day) => total + day[field], 0);

/**
 * Returns figures about moderation of the latest days. The backlog covers all cases.
 * @throws AppError `forbidden` for all but staff
 */
export async function getModerationFigures(ctx: Ctx<"pool" | "now">, { days = DEFAULT_DAYS }: FiguresInput): Promise<FiguresDto> {
  authorize(mayModerateSomewhere(ctx.actor));
  const now = ctx.now();
  const starts = daysUntil(now, days);
  const period = [starts[0], now];
  const cases = await ctx.pool.query<LanguageRow>(CASES, period);
  const totals = await ctx.pool.query<Totals>(TOTALS, period);
  const series = await readSeries(ctx, starts);
  const messages = sumOf(series, "messages");
  const { openCases = 0, oldestOpenMs = null, reversalRate = null } = totals.rows[0] ?? {};
  return {
    medianFirstActionMs: cases.rows.find((row) => row.is_total === 1)?.medianFirstActionMs ?? null,
    openCases,
    oldestOpenMs,
    reversalRate,
    reportsPerThousandMessages: messages === 0 ? null : (sumOf(series, "reports") / messages) * 1_000,
    byLanguage: cases.rows.flatMap(({ is_total, ...row }) => (is_total === 0 ? row : [])),
    series,
  };
}
