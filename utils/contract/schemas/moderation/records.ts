import { z } from "zod";
import { EXAMPLE_ID, endMoment, id, languageCode, loungeId, moment, otherUserId, pageQuery } from "../primitives.ts";
import { actionKinds, scopeKinds } from "./actions.ts";

export const logEntry = z
  .object({
    id: id.describe("The id of the entry."),
    kind: z.enum(actionKinds).meta({ description: "What was done.", examples: ["mute"] }),
    rule: z.string().meta({ description: "The rule that was broken.", examples: ["spam"] }),
    scope: z
      .object({
        kind: z.enum(scopeKinds).meta({ description: "Whether it applied to a room, a lounge or the whole site.", examples: ["room"] }),
        name: z
          .string()
          .nullable()
          .meta({ description: "The name of the room or lounge. Null for the whole site.", examples: ["Games · English"] }),
      })
      .describe("Where it applied."),
    role: z.enum(["guest", "member", "moderator", "admin"]).meta({
      description: "The role of the user it concerned.",
      examples: ["guest"],
    }),
    isAutomatic: z.boolean().describe("Whether a rule acted, and not a person."),
    createdAt: moment.describe("When it was done."),
    expiresAt: endMoment.nullable().describe("When it ends. Null if it is permanent, or has no duration."),
    revertedAt: moment.nullable().meta({ description: "When it was undone. Null if it was not.", examples: [null] }),
  })
  .describe("An entry of the public moderation log. It contains no names, ids of people or texts.");
export type LogEntryDto = z.infer<typeof logEntry>;

export const listLogInput = pageQuery;
export type ListLogInput = z.infer<typeof listLogInput>;

const hash = z.string().meta({
  description: "The SHA-256 hash of the row and the previous hash, in hexadecimal.",
  examples: ["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
});

export const auditRow = z
  .object({
    id: id.describe("The id of the row."),
    number: z
      .number()
      .int()
      .meta({ description: "The position in the chain.", examples: [1_024] }),
    at: moment.describe("When it was written."),
    actorId: id.nullable().meta({ description: "The id of the user who acted. Null for the server.", examples: [EXAMPLE_ID] }),
    action: z.string().meta({ description: "What was done.", examples: ["role_changed"] }),
    subjectType: z.string().meta({ description: "The kind of the subject.", examples: ["user"] }),
    subjectId: id.nullable().meta({ description: "The id of the subject. Null if it has none.", examples: [EXAMPLE_ID] }),
    data: z
      .record(z.string(), z.unknown())
      .meta({ description: "Further facts about it.", examples: [{ from: "member", to: "moderator" }] }),
    requestId: z
      .string()
      .nullable()
      .meta({ description: "The id of the request. Null for a job.", examples: [EXAMPLE_ID] }),
    hash,
    previousHash: hash.describe("The hash of the row before. Zeros for the first row."),
  })
  .describe("A row of the audit log.");
export type AuditRowDto = z.infer<typeof auditRow>;

export const listAuditInput = pageQuery.extend({
  action: z
    .string()
    .max(60)
    .optional()
    .meta({ description: "Returns only rows with this action.", examples: ["role_changed"] }),
  actorId: id.optional().describe("Returns only rows of this user's actions."),
  subjectId: id.optional().describe("Returns only rows about this subject."),
});
export type ListAuditInput = z.infer<typeof listAuditInput>;

export const figuresInput = z.strictObject({
  days: z
    .string()
    .regex(/^\d{1,3}$/)
    .transform(Number)
    .pipe(z.number().int().min(1).max(90))
    .optional()
    .meta({ description: "How many days back.", default: 30, examples: [30] }),
});
export type FiguresInput = z.infer<typeof figuresInput>;

const duration = z
  .number()
  .int()
  .nullable()
  .meta({ description: "In ms. Null if there is nothing to measure.", examples: [240_000] });
const share = z
  .number()
  .nullable()
  .meta({ description: "A share between 0 and 1. Null if there is nothing to measure.", examples: [0.04] });
const amount = z
  .number()
  .int()
  .meta({ description: "How many.", examples: [12] });

export const figures = z
  .object({
    medianFirstActionMs: duration.describe("The median time from the first report to the decision, in ms. Null if there is none."),
    openCases: amount.describe("How many cases are not decided."),
    oldestOpenMs: duration.describe("How long the oldest of them has waited, in ms. Null if there is none."),
    reversalRate: share.describe("The share of decided appeals that undid the action. Null if there are none."),
    reportsPerThousandMessages: z
      .number()
      .nullable()
      .meta({ description: "Reports per thousand messages. Null without messages.", examples: [0.8] }),
    byLanguage: z
      .array(
        z.object({
          languageCode: languageCode.nullable().describe("The language. Null if unknown."),
          cases: amount.describe("How many cases were opened."),
          openCases: amount.describe("How many of them are not decided."),
          medianFirstActionMs: duration.describe("The median time from the first report to the decision, in ms. Null if there is none."),
        }),
      )
      .describe("The figures of each language, most cases first."),
    series: z
      .array(
        z.object({
          day: z.iso.date().meta({ description: "The day, in UTC.", examples: ["2026-11-21"] }),
          reports: amount.describe("How many reports arrived."),
          actions: amount.describe("How many actions were taken."),
          appeals: amount.describe("How many appeals arrived."),
          messages: amount.describe("How many messages were sent."),
        }),
      )
      .describe("The figures of each day, oldest first."),
  })
  .describe("Figures about moderation.");
export type FiguresDto = z.infer<typeof figures>;

export const loungeModeratorParams = z.strictObject({ loungeId, userId: otherUserId.describe("The id of the moderator.") });
export type LoungeModeratorParams = z.infer<typeof loungeModeratorParams>;
