import { z } from "zod";
import { EXAMPLE_ID, id, moment, pageQuery } from "../primitives.ts";
import { houseRules } from "./actions.ts";

export const targetKinds = ["message", "user", "item", "conversation"] as const;
export type TargetKind = (typeof targetKinds)[number];

const targetFields = {
  kind: z.enum(targetKinds).meta({ description: "What it is about.", examples: ["message"] }),
  id: id.describe("The id of the message, user, item or conversation."),
};

export const target = z.object(targetFields).describe("What it is about.");
export type TargetDto = z.infer<typeof target>;

export const reportReason = z.enum(houseRules).meta({ description: "Why it was reported.", examples: ["spam"] });

const reportText = z
  .string()
  .trim()
  .max(1_000)
  .meta({
    description: "What the reporter wrote about it, at most 1,000 characters.",
    examples: ["The same advertisement in every room."],
  });

export const caseNumber = z
  .number()
  .int()
  .meta({ description: "The number of the case, which people can refer to.", examples: [4711] });

export const report = z
  .object({
    id: id.describe("The id of the report."),
    number: caseNumber,
    target,
    reason: reportReason,
    text: reportText.nullable().meta({ description: "What the reporter wrote about it. Null if nothing.", examples: [null] }),
    state: z.enum(["received", "under_review", "closed"]).meta({
      description: "Whether the report waits, a moderator has looked at it, or the case is closed.",
      examples: ["received"],
    }),
    outcome: z
      .enum(["action_taken", "no_action"])
      .nullable()
      .meta({ description: "The outcome of the case. Null until it is closed.", examples: [null] }),
    createdAt: moment.describe("When it was reported."),
    closedAt: moment.nullable().meta({ description: "When the case was closed. Null until then.", examples: [null] }),
  })
  .describe("A report, as its reporter sees it.");
export type ReportDto = z.infer<typeof report>;

export const createReportInput = z
  .strictObject({
    target: z.strictObject(targetFields).describe("What to report."),
    reason: reportReason,
    text: reportText.optional(),
  })
  .refine(({ reason, text }) => reason !== "other" || (text !== undefined && text !== ""), {
    message: "must be given for the reason other",
    path: ["text"],
  })
  .meta({ examples: [{ target: { kind: "message", id: EXAMPLE_ID }, reason: "spam" }] });
export type CreateReportInput = z.infer<typeof createReportInput>;

export const listReportsInput = pageQuery;
export type ListReportsInput = z.infer<typeof listReportsInput>;
