import type { DownloadExportInput } from "../../../utils/contract/privacy.ts";
import { AppError } from "../../../utils/errors.ts";
import { auditRow } from "../../audit/record.ts";
import type { OpenCtx } from "../../context.ts";
import { isGoodLink } from "./link.ts";
import { readPieces } from "./pieces.ts";

/** An archive on its way out: `pieces` come as fast as they are taken. */
export type Download = { readonly sizeBytes: number; readonly createdAt: Date; readonly pieces: AsyncGenerator<Buffer> };

/**
 * Opens an export by its link. The link alone is enough: it is made for its owner, and is good for 7 days.
 * @throws AppError `not_found` for whatever is wrong with it
 */
export async function downloadExport(ctx: OpenCtx, input: DownloadExportInput): Promise<Download> {
  if (!isGoodLink(ctx, input)) throw new AppError("not_found");
  const row = await ctx.db.dataExport.findFirst({ where: { id: input.exportId, state: "ready" } });
  if (row === null || row.sizeBytes === null) throw new AppError("not_found");
  const fact = { action: "export_downloaded", subjectType: "user", subjectId: row.userId } as const;
  await ctx.db.auditEntry.create({ data: auditRow(ctx, fact) });
  return { sizeBytes: Number(row.sizeBytes), createdAt: row.createdAt, pieces: readPieces(ctx, row.id) };
}
