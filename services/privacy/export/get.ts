import type { DataExportDto, ExportParams } from "../../../utils/contract/schemas/privacy.ts";
import { AppError } from "../../../utils/errors.ts";
import type { Ctx } from "../../context.ts";
import { presentExport } from "./present.ts";

/**
 * How far one of one's own exports is, and where to get it.
 * @throws AppError `not_found` for what is not one's own
 */
export async function getExport(ctx: Ctx, { exportId }: ExportParams): Promise<DataExportDto> {
  const row = await ctx.db.dataExport.findFirst({ where: { id: exportId, userId: ctx.actor.id } });
  if (row === null) throw new AppError("not_found");
  return presentExport(ctx, row);
}
