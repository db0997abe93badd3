import { z } from "zod";
import { id, moment, pageQuery } from "../primitives.ts";
import { author } from "../users.ts";
import { appealStates } from "./actions.ts";

const appealText = z
  .string()
  .trim()
  .min(1)
  .max(2_000)
  .meta({ description: "Why the action should be undone, at most 2,000 characters.", examples: ["The link was to my own homework."] });

const answer = z
  .string()
  .trim()
  .max(2_000)
  .meta({ description: "The explanation of the decision, for the user.", examples: ["You are right, we have undone it."] });

const appealState = z.enum(appealStates).meta({
  description: "Whether the appeal is undecided (`open`), the action stays (`upheld`), or the action was undone (`reversed`).",
  examples: ["open"],
});

export const appeal = z
  .object({
    id: id.describe("The id of the appeal."),
    actionId: id.describe("The id of the action it is against."),
    text: z
      .string()
      .max(2_000)
      .meta({
        description: "Why the action should be undone. Empty once the user's account is erased.",
        examples: ["The link was to my own homework."],
      }),
    state: appealState,
    answer: answer
      .nullable()
      .meta({ description: "The explanation of the decision, for the user. Null while the appeal is open.", examples: [null] }),
    createdAt: moment.describe("When the user appealed."),
    decidedAt: moment.nullable().meta({ description: "When the appeal was decided. Null while it is open.", examples: [null] }),
    decidedBy: author.nullable().meta({
      description: "The moderator who decided. Null while it is open, and for the user who appealed.",
      examples: [null],
    }),
  })
  .describe("An appeal against an action.");
export type AppealDto = z.infer<typeof appeal>;

export const createAppealInput = z.strictObject({ actionId: id.describe("The id of one of the caller's own actions."), text: appealText });
export type CreateAppealInput = z.infer<typeof createAppealInput>;

export const listAppealsInput = pageQuery.extend({
  state: appealState.optional().meta({ description: "Returns only appeals in this state." }),
});
export type ListAppealsInput = z.infer<typeof listAppealsInput>;

export const decideAppealInput = z.strictObject({
  appealId: id.describe("The id of the appeal."),
  outcome: z.enum(["upheld", "reversed"]).meta({
    description: "Whether the action stays (`upheld`) or is undone (`reversed`).",
    examples: ["reversed"],
  }),
  answer,
});
export type DecideAppealInput = z.infer<typeof decideAppealInput>;
