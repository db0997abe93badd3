import { z } from "zod";
import { id, languageCode, loungeId, messageId, moment, otherUserId, pageQuery, roomId } from "../primitives.ts";
import { author } from "../users.ts";
import { action, newAction } from "./actions.ts";
import { caseNumber, reportReason, target } from "./reports.ts";

export const caseKinds = ["report", "rule", "held", "dispute"] as const;
export const caseStates = ["open", "claimed", "resolved"] as const;
export const caseOutcomes = ["dismissed", "actioned", "approved", "refused"] as const;

const caseKind = z.enum(caseKinds).meta({
  description: "Whether it began with a report, an automatic rule, a message held for review, or a dispute about a purchase.",
  examples: ["report"],
});
const caseState = z.enum(caseStates).meta({
  description: "Whether it waits (`open`), a moderator works on it (`claimed`), or it is decided (`resolved`).",
  examples: ["open"],
});
const caseOutcome = z.enum(caseOutcomes).meta({
  description: "`dismissed`: nothing was wrong; `actioned`: something was done; `approved`, `refused`: the decision on a held message.",
  examples: ["actioned"],
});
const version = z
  .number()
  .int()
  .min(1)
  .meta({ description: "Increments with every change of the case.", examples: [3] });

const subjectId = otherUserId.describe("The user whom the case is about.");

export const moderationCase = z
  .object({
    id: id.describe("The id of the case."),
    number: caseNumber,
    kind: caseKind,
    target,
    subject: author.nullable().describe("The user whom the case is about. Null if there is none."),
    loungeId: loungeId.nullable().describe("The lounge of the target. Null in a conversation."),
    roomId: roomId.nullable().describe("The room of the target. Null for a user."),
    languageCode: languageCode.nullable().describe("The language of the target. Null if unknown."),
    state: caseState,
    version,
    score: z
      .number()
      .int()
      .meta({ description: "The priority: the weights of its reports together.", examples: [30] }),
    reasons: z
      .array(
        z.object({
          reason: reportReason,
          count: z
            .number()
            .int()
            .meta({ description: "How many reports have this reason.", examples: [2] }),
        }),
      )
      .describe("The reasons of the reports, most frequent first."),
    reportCount: z
      .number()
      .int()
      .meta({ description: "How many users reported the target.", examples: [2] }),
    claimedBy: author.nullable().meta({ description: "The moderator who works on it. Null if there is none.", examples: [null] }),
    claimExpiresAt: moment.nullable().meta({ description: "When the claim lapses. Null if it is not claimed.", examples: [null] }),
    outcome: caseOutcome.nullable().meta({ description: "The decision. Null until then.", examples: [null] }),
    createdAt: moment.describe("When the case was opened."),
    updatedAt: moment.describe("When it last changed."),
    resolvedAt: moment.nullable().meta({ description: "When it was decided. Null until then.", examples: [null] }),
  })
  .describe("A case in the moderation queue.");
export type CaseDto = z.infer<typeof moderationCase>;

const evidenceText = z.string().meta({ description: "The text at that time.", examples: ["Earn money from home"] });

export const evidenceMessage = z
  .object({
    id: messageId,
    author: author.describe("The author, under the name at that time."),
    text: evidenceText,
    createdAt: moment.describe("When it was sent."),
    editedAt: moment.nullable().meta({ description: "When it was last edited before. Null if it was not.", examples: [null] }),
    attachments: z
      .array(
        z.object({
          id: id.describe("The id of the file."),
          name: z.string().meta({ description: "The name of the file.", examples: ["cat.jpg"] }),
        }),
      )
      .describe("The files of the message."),
  })
  .describe("A message at the time of the first report.");
export type EvidenceMessageDto = z.infer<typeof evidenceMessage>;

export const evidence = z
  .object({
    message: evidenceMessage.nullable().describe("The reported message. Null for other targets."),
    context: z.array(evidenceMessage).describe("Up to 10 messages before it, oldest first."),
    profile: z
      .object({
        user: author.describe("The reported user."),
        bio: z
          .string()
          .nullable()
          .meta({ description: "The text about the user. Null if there was none.", examples: [null] }),
        pronouns: z
          .string()
          .nullable()
          .meta({ description: "The user's pronouns. Null if not specified.", examples: [null] }),
      })
      .nullable()
      .describe("The reported profile. Null for other targets."),
    item: z
      .object({
        id: id.describe("The id of the item."),
        title: z.string().meta({ description: "The title of the item.", examples: ["Lamp"] }),
      })
      .nullable()
      .meta({ description: "The reported item. Null for other targets.", examples: [null] }),
    conversation: z
      .object({
        roomId,
        kind: z.enum(["direct", "group"]).meta({ description: "Whether it is a direct or a group conversation.", examples: ["direct"] }),
        members: z.array(author).describe("Its members."),
      })
      .nullable()
      .meta({ description: "The conversation of the target. Null in language rooms.", examples: [null] }),
  })
  .describe("A copy made when the first report arrived. Later edits and deletions do not change it.");
export type EvidenceDto = z.infer<typeof evidence>;

export const caseDetail = moderationCase
  .extend({
    evidence,
    reports: z
      .array(
        z.object({
          reporter: author.describe("Who reported it."),
          reason: reportReason,
          text: z
            .string()
            .nullable()
            .meta({ description: "What the reporter wrote. Null if nothing.", examples: [null] }),
          createdAt: moment.describe("When it was reported."),
        }),
      )
      .describe("The reports, oldest first."),
    record: z
      .object({
        reportsUpheld: z
          .number()
          .int()
          .meta({ description: "How many earlier cases about the user ended with an action.", examples: [1] }),
        reportsRejected: z
          .number()
          .int()
          .meta({ description: "How many earlier cases about the user were dismissed.", examples: [0] }),
        actions: z.array(action).describe("The latest actions that concern the user, newest first."),
      })
      .describe("The history of the user whom the case is about."),
    actions: z.array(action).describe("The actions of this case, oldest first."),
    relatedCases: z.array(moderationCase).describe("Other recent cases about the same user, newest first."),
  })
  .describe("A case with everything that a moderator needs for a decision.");
export type CaseDetailDto = z.infer<typeof caseDetail>;

export const listCasesInput = pageQuery.extend({
  state: caseState.optional().meta({ description: "Returns only cases in this state." }),
  kind: caseKind.optional().meta({ description: "Returns only cases of this kind." }),
  reason: reportReason.optional().meta({ description: "Returns only cases reported for this reason." }),
  roomId: roomId.optional().describe("Returns only cases of this room."),
  languageCode: languageCode.optional().describe("Returns only cases in this language."),
  subjectId: subjectId.optional().describe("Returns only cases about this user."),
});
export type ListCasesInput = z.infer<typeof listCasesInput>;

const caseId = id.describe("The id of the case.");

export const caseParams = z.strictObject({ caseId });
export type CaseParams = z.infer<typeof caseParams>;

export const claimCaseInput = z.strictObject({ caseId, version: version.describe("The version of the case that the caller has seen.") });
export type ClaimCaseInput = z.infer<typeof claimCaseInput>;

export const resolveCaseInput = z.strictObject({
  caseId,
  version: version.describe("The version of the case that the caller has seen."),
  outcome: caseOutcome.meta({
    description: "The decision. A held message is `approved` or `refused`; any other case is `dismissed` or `actioned`.",
  }),
  note: z
    .string()
    .max(2_000)
    .optional()
    .meta({ description: "A note for the staff.", examples: ["Third time this week."] }),
  actions: z.array(newAction).max(20).optional().describe("The actions to take, together with the decision or not at all."),
});
export type ResolveCaseInput = z.infer<typeof resolveCaseInput>;
