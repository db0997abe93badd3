import { z } from "zod";
import { id, moment, pageQuery } from "./primitives.ts";
import { author } from "./users.ts";

export const notificationKinds = ["mention", "reply", "message_request"] as const;

/** Something that concerns one person. `excerpt` is the beginning of the message as it is now. */
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

/** Those named, or all up to one, the newest read; exactly one of both. */
export const readNotificationsInput = z
  .strictObject({ ids: z.array(id).min(1).max(100).optional(), upTo: id.optional() })
  .refine(({ ids, upTo }) => (ids === undefined) !== (upTo === undefined), { message: "give either ids or upTo", path: ["ids"] });
export type ReadNotificationsInput = z.infer<typeof readNotificationsInput>;
