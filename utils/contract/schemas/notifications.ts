import { z } from "zod";
import { id, moment, pageQuery } from "./primitives.ts";
import { author } from "./users.ts";

export const notificationKinds = ["mention", "reply", "message_request"] as const;

/** A notification of one user. `excerpt` is the beginning of the message in its current state. */
export const notification = z.object({
  id,
  kind: z.enum(notificationKinds),
  roomId: id,
  messageId: id,
  actor: author,
  excerpt: z.string(),
  createdAt: moment,
  readAt: moment.nullable(),
});
export type NotificationDto = z.infer<typeof notification>;

export const listNotificationsInput = pageQuery.extend({ unread: z.enum(["true", "false"]).optional() });
export type ListNotificationsInput = z.infer<typeof listNotificationsInput>;

/** Exactly one of `ids`, the notifications to mark as read, and `upTo`, the newest one to mark as read. */
export const readNotificationsInput = z
  .strictObject({ ids: z.array(id).min(1).max(100).optional(), upTo: id.optional() })
  .refine(({ ids, upTo }) => (ids === undefined) !== (upTo === undefined), {
    message: "must have exactly one of ids and upTo",
    path: ["ids"],
  });
export type ReadNotificationsInput = z.infer<typeof readNotificationsInput>;
