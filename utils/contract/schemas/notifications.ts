import { z } from "zod";
import { excerptText } from "./messages.ts";
import { EXAMPLE_ID, id, messageId, moment, pageQuery, roomId } from "./primitives.ts";
import { author } from "./users.ts";

export const notificationKinds = ["mention", "reply", "message_request", "moderation", "appeal", "report"] as const;

/** What a notification can be about. */
const subjectKinds = ["message", "action", "appeal", "report"] as const;

const notificationId = id.describe("The id of the notification.");

export const notification = z
  .object({
    id: notificationId,
    kind: z.enum(notificationKinds).meta({
      description:
        "Whether the message mentions the user, replies to them, or is a message request; or whether it is about an action of the moderation, the user's appeal, or the user's report.",
      examples: ["mention"],
    }),
    subject: z
      .object({
        kind: z.enum(subjectKinds).meta({ description: "The kind of the subject.", examples: ["message"] }),
        id: id.describe("The id of the message, action, appeal or report."),
      })
      .describe("What the notification is about."),
    roomId: roomId.nullable().describe("The room of the message. Null for other subjects."),
    messageId: messageId.nullable().describe("The id of the message. Null for other subjects."),
    actor: author.nullable().describe("The author of the message. Null for other subjects."),
    excerpt: excerptText
      .nullable()
      .describe("The beginning of the message in its current state, at most 140 graphemes. Null for other subjects."),
    createdAt: moment.describe("When the notification was created."),
    readAt: moment.nullable().meta({ description: "When the user read the notification. Null if it is unread.", examples: [null] }),
  })
  .describe("A notification of one user.");
export type NotificationDto = z.infer<typeof notification>;

export const listNotificationsInput = pageQuery.extend({
  unread: z
    .enum(["true", "false"])
    .optional()
    .meta({
      description: "Returns only unread (`true`) or only read (`false`) notifications. If omitted, both are returned.",
      examples: ["true"],
    }),
});
export type ListNotificationsInput = z.infer<typeof listNotificationsInput>;

/** Exactly one of `ids` and `upTo`. */
export const readNotificationsInput = z
  .strictObject({
    ids: z
      .array(notificationId)
      .min(1)
      .max(100)
      .optional()
      .describe("The ids of the notifications to mark as read. Omit it if `upTo` is given."),
    upTo: id.optional().describe("The id of the newest notification to mark as read, with all older ones. Omit it if `ids` is given."),
  })
  .refine(({ ids, upTo }) => (ids === undefined) !== (upTo === undefined), {
    message: "must have exactly one of ids and upTo",
    path: ["ids"],
  })
  .meta({ examples: [{ ids: [EXAMPLE_ID] }] });
export type ReadNotificationsInput = z.infer<typeof readNotificationsInput>;
