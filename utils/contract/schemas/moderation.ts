import { z } from "zod";
import { sentMessage } from "./messages.ts";
import { id, pageQuery } from "./primitives.ts";

export const listHeldInput = pageQuery;
export type ListHeldInput = z.infer<typeof listHeldInput>;

export const decideHeldInput = z.strictObject({ messageId: id, outcome: z.enum(["approve", "refuse"]) });
export type DecideHeldInput = z.infer<typeof decideHeldInput>;

/** The message after the review: numbered, or visible only to its author and the staff. */
export const decided = z.object({ message: sentMessage });
export type DecidedDto = z.infer<typeof decided>;
