import { z } from "zod";
import { emptyInput } from "./auth.ts";
import { id, moment, pageQuery } from "./primitives.ts";

/** One entry of one's own security history. `session` is the device it was done from, where it is still known. */
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

/** One's data as a zip. `downloadUrl`, a path on this site, is there while the export is ready, and good for 7 days without signing in. */
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

/** Opened by its link alone, without a token; answers the zip itself. It is no operation: nobody calls it but by `downloadUrl`. */
export const downloadExportPath = "/api/users/me/export/:exportId/download";

export const downloadExportInput = z.strictObject({
  exportId: id,
  expires: z.string().regex(/^\d{1,16}$/),
  signature: z.string().max(100),
});
export type DownloadExportInput = z.infer<typeof downloadExportInput>;

/** The word that has to be typed, in whatever language the page speaks. */
export const DELETION_CONFIRMATION = "DELETE";

export const deleteMeInput = z.strictObject({
  confirmation: z.literal(DELETION_CONFIRMATION),
  messages: z.enum(["keep", "erase"]),
});
export type DeleteMeInput = z.infer<typeof deleteMeInput>;

/** Until when signing in takes the deletion back; a guest's is done at once. */
export const deletion = z.object({ deletesAt: moment });
export type DeletionDto = z.infer<typeof deletion>;
