import { z } from "zod";
import { emptyInput } from "./auth.ts";
import { id, moment, pageQuery } from "./primitives.ts";

/** An event of the user's security history. `device` is the device it was done from, if it is still known. */
export const securityEvent = z.object({
  id,
  at: moment,
  action: z.string(),
  device: z.string().nullable(),
  isCurrentSession: z.boolean(),
});
export type SecurityEventDto = z.infer<typeof securityEvent>;

export const listHistoryInput = pageQuery;
export type ListHistoryInput = z.infer<typeof listHistoryInput>;

export const exportStates = ["waiting", "ready", "failed", "expired"] as const;

/**
 * An export of the user's data as a ZIP file. `downloadUrl`, a path on this site, is present while the export is ready, and valid for 7
 * days without signing in.
 */
export const dataExport = z.object({
  id,
  state: z.enum(exportStates),
  createdAt: moment,
  expiresAt: moment.nullable(),
  sizeBytes: z.number().int().nullable(),
  downloadUrl: z.string().nullable(),
});
export type DataExportDto = z.infer<typeof dataExport>;

export const requestExportInput = emptyInput;

export const exportParams = z.strictObject({ exportId: id });
export type ExportParams = z.infer<typeof exportParams>;

/** Opened by its link, without a token; returns the ZIP file. It is not an operation, because clients only follow `downloadUrl`. */
export const downloadExportPath = "/api/users/me/export/:exportId/download";

export const downloadExportInput = z.strictObject({
  exportId: id,
  expires: z.string().regex(/^\d{1,16}$/),
  signature: z.string().max(100),
});
export type DownloadExportInput = z.infer<typeof downloadExportInput>;

/** The text the user must type to confirm, in every language. */
export const DELETION_CONFIRMATION = "DELETE";

export const deleteMeInput = z.strictObject({
  confirmation: z.literal(DELETION_CONFIRMATION),
  messages: z.enum(["keep", "erase"]),
});
export type DeleteMeInput = z.infer<typeof deleteMeInput>;

/** When the deletion takes place. Signing in before then cancels it; a guest is deleted immediately. */
export const deletion = z.object({ deletesAt: moment });
export type DeletionDto = z.infer<typeof deletion>;
