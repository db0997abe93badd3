import { z } from "zod";
import { sentMessage } from "./messages.ts";
import { messageId, pageQuery } from "./primitives.ts";

export const listHeldInput = pageQuery;
export type ListHeldInput = z.infer<typeof listHeldInput>;

export const decideHeldInput = z.strictObject({
  messageId,
  outcome: z.enum(["approve", "refuse"]).meta({
    description: "Whether to publish the message (`approve`) or to reject it (`refuse`).",
    examples: ["approve"],
  }),
});
export type DecideHeldInput = z.infer<typeof decideHeldInput>;

export const decided = z.object({
  message: sentMessage.describe(
    "The message after the review: with a sequence number, or rejected and visible only to its author and the staff.",
  ),
});
export type DecidedDto = z.infer<typeof decided>;
