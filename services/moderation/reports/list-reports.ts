import type { ListReportsInput, ReportDto } from "../../../utils/contract/schemas/moderation/reports.ts";
import { DEFAULT_PAGE, type Page } from "../../../utils/contract/schemas/primitives.ts";
import { byCreation, END_OF_TIME, pageByTime, readTimeCursor } from "../../../utils/cursor.ts";
import type { Ctx } from "../../context.ts";
import { presentReport, REPORT_COLUMNS, REPORT_JOINED, type ReportRow } from "./present-report.ts";

const LIST = `
  SELECT ${REPORT_COLUMNS} FROM ${REPORT_JOINED}
  WHERE o.reporter_id = $1 AND (o.created_at, o.id) < ($2, $3) ORDER BY o.created_at DESC, o.id DESC LIMIT $4`;

/** Lists the actor's own reports, newest first. */
export async function listReports({ pool, actor }: Ctx<"pool">, input: ListReportsInput): Promise<Page<ReportDto>> {
  const limit = input.limit ?? DEFAULT_PAGE;
  const { ms, id } = readTimeCursor(input.cursor) ?? END_OF_TIME;
  const { rows } = await pool.query<ReportRow>(LIST, [actor.id, new Date(ms), id, limit + 1]);
  return pageByTime(rows, { limit, positionOf: byCreation, present: presentReport });
}
