import type { DownloadExportInput } from "../../../utils/contract/schemas/privacy.ts";
import { AppError } from "../../../utils/errors.ts";
import { auditRow } from "../../audit/record.ts";
import type { OpenCtx } from "../../context.ts";
import { readChunks } from "./chunks.ts";
import { openCipher } from "./cipher.ts";
import { isGoodLink } from "./link.ts";

/** An archive on its way out: `pieces` come as fast as they are taken. */
export type Download = { readonly sizeBytes: number; readonly createdAt: Date; readonly pieces: AsyncGenerator<Buffer> };

type Row = { readonly userId: string; readonly createdAt: Date; readonly sizeBytes: number; readonly sealedKey: Buffer };

const READY = `
  SELECT user_id AS "userId", created_at AS "createdAt", size_bytes AS "sizeBytes", sealed_key AS "sealedKey"
  FROM data_exports WHERE id = $1 AND state = 'ready'`;

/**
 * Opens an export by its link. The link alone is enough: it is made for its owner, and is good for 7 days.
 * @throws AppError `not_found` for whatever is wrong with it
 */
export async function downloadExport(ctx: OpenCtx, input: DownloadExportInput): Promise<Download> {
  if (!isGoodLink(ctx, input)) throw new AppError("not_found");
  const row = (await ctx.pool.query<Row>(READY, [input.exportId])).rows[0];
  if (row === undefined) throw new AppError("not_found");
  const cipher = openCipher(ctx.vault, input.exportId, row.sealedKey);
  const fact = { action: "export_downloaded", subjectType: "user", subjectId: row.userId } as const;
  await ctx.db.auditEntry.create({ data: auditRow(ctx, fact) });
  return { sizeBytes: row.sizeBytes, createdAt: row.createdAt, pieces: readChunks(ctx, input.exportId, cipher) };
}
