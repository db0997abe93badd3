import type { DownloadExportInput } from "../../../utils/contract/schemas/privacy.ts";
import { AppError } from "../../../utils/errors.ts";
import { auditRow } from "../../audit/record.ts";
import type { OpenCtx } from "../../context.ts";
import { readChunks } from "./chunks.ts";
import { openCipher } from "./cipher.ts";
import { isValidLink } from "./link.ts";

/** A download in progress: `chunks` is read as fast as the client receives it. */
export type Download = { readonly sizeBytes: number; readonly createdAt: Date; readonly chunks: AsyncGenerator<Buffer> };

type Row = { readonly userId: string; readonly createdAt: Date; readonly sizeBytes: number; readonly sealedKey: Buffer };

const READY = `
  SELECT user_id AS "userId", created_at AS "createdAt", size_bytes AS "sizeBytes", sealed_key AS "sealedKey"
  FROM data_exports WHERE id = $1 AND state = 'ready'`;

/**
 * Opens an export by its signed link, which requires no session: it is created for the owner and is valid for 7 days.
 * @throws AppError `not_found` for any invalid link
 */
export async function downloadExport(
  ctx: OpenCtx<"db" | "pool" | "now" | "keys" | "vault">,
  input: DownloadExportInput,
): Promise<Download> {
  if (!isValidLink(ctx, input)) throw new AppError("not_found");
  const row = (await ctx.pool.query<Row>(READY, [input.exportId])).rows[0];
  if (row === undefined) throw new AppError("not_found");
  const cipher = openCipher(ctx.vault, input.exportId, row.sealedKey);
  const event = { action: "export_downloaded", subjectType: "user", subjectId: row.userId } as const;
  await ctx.db.auditEntry.create({ data: auditRow(ctx, event) });
  return { sizeBytes: row.sizeBytes, createdAt: row.createdAt, chunks: readChunks(ctx, input.exportId, cipher) };
}
