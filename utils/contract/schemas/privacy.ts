import { z } from "zod";
import { emptyInput } from "./auth.ts";
import { endMoment, id, moment, pageQuery } from "./primitives.ts";

/** An event of the user's security history. */
export const securityEvent = z.object({
  id: id.describe("The id of the event."),
  at: moment.describe("When the event happened."),
  action: z.string().meta({
    description: "What happened, for example `signed_in`, `password_changed`, `passkey_added` or `session_ended`.",
    examples: ["signed_in"],
  }),
  device: z
    .string()
    .nullable()
    .meta({
      description: "The browser and system that caused the event. Null if they are unknown.",
      examples: ["Firefox on Linux"],
    }),
  isCurrentSession: z.boolean().meta({ description: "Whether the event belongs to the caller's current session.", examples: [true] }),
});
export type SecurityEventDto = z.infer<typeof securityEvent>;

export const listHistoryInput = pageQuery;
export type ListHistoryInput = z.infer<typeof listHistoryInput>;

export const exportStates = ["waiting", "ready", "failed", "expired"] as const;

/** An export of the user's data as a ZIP file. */
export const dataExport = z.object({
  id: id.describe("The id of the export."),
  state: z.enum(exportStates).meta({
    description:
      "Whether the file is being created (`waiting`), can be downloaded (`ready`), could not be created (`failed`), or was deleted (`expired`).",
    examples: ["ready"],
  }),
  createdAt: moment.describe("When the export was requested."),
  expiresAt: endMoment.nullable().describe("When the file is deleted. Null until it is ready."),
  sizeBytes: z
    .number()
    .int()
    .nullable()
    .meta({ description: "The size of the file in bytes. Null until it is ready.", examples: [48_213] }),
  downloadUrl: z
    .string()
    .nullable()
    .meta({
      description: "A path on this site that returns the file without a token, for 7 days. Null unless the export is ready.",
      examples: ["/api/users/me/export/01993c5e-8f0b-7c2a-9d41-6b3e5f7a8c90/download?expires=1797876245123&signature=Zk3…"],
    }),
});
export type DataExportDto = z.infer<typeof dataExport>;

export const requestExportInput = emptyInput;

const exportId = id.describe("The id of the export.");

export const exportParams = z.strictObject({ exportId });
export type ExportParams = z.infer<typeof exportParams>;

/** Opened by its link, without a token; returns the ZIP file. It is not an operation, because clients only follow `downloadUrl`. */
export const downloadExportPath = "/api/users/me/export/:exportId/download";

export const downloadExportInput = z.strictObject({
  exportId,
  expires: z
    .string()
    .regex(/^\d{1,16}$/)
    .meta({ description: "When the link expires, in ms since 1970. Part of `downloadUrl`.", examples: ["1797876245123"] }),
  signature: z
    .string()
    .max(100)
    .meta({ description: "The signature of the link. Part of `downloadUrl`.", examples: ["Zk3…"] }),
});
export type DownloadExportInput = z.infer<typeof downloadExportInput>;

/** The text the user must type to confirm, in every language. */
export const DELETION_CONFIRMATION = "DELETE";

export const deleteMeInput = z.strictObject({
  confirmation: z.literal(DELETION_CONFIRMATION).describe("The text that the user typed to confirm the deletion."),
  messages: z.enum(["keep", "erase"]).meta({
    description: "Whether the user's messages remain under the name `Deleted user` (`keep`), or are deleted as well (`erase`).",
    examples: ["keep"],
  }),
});
export type DeleteMeInput = z.infer<typeof deleteMeInput>;

export const deletion = z.object({
  deletesAt: endMoment.describe(
    "When the account is deleted. Signing in before then cancels the deletion. A guest is deleted immediately.",
  ),
});
export type DeletionDto = z.infer<typeof deletion>;
