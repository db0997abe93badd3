import type { DataExportDto, ExportParams } from "../../../utils/contract/schemas/privacy.ts";
import { AppError } from "../../../utils/errors.ts";
import type { Ctx } from "../../context.ts";
import { presentExport } from "./present.ts";

/**
 * Returns the state of one of the caller's exports, and its download link when it is ready.
 * @throws AppError `not_found` if it is not the caller's
 */
export async function getExport(ctx: Ctx<"db" | "now" | "keys">, { exportId }: ExportParams): Promise<DataExportDto> {
  const row = await ctx.db.dataExport.findFirst({ where: { id: exportId, userId: ctx.actor.id } });
  if (row === null) throw new AppError("not_found");
  return presentExport(ctx, row);
}
