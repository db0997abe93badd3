import { z } from "zod";
import { endMoment, id, moment, pageQuery } from "../primitives.ts";
import { scope, scopeInput } from "./actions.ts";

export const raidMeasures = ["guests_paused", "first_messages_held", "slow_mode", "links_blocked"] as const;
export type RaidMeasure = (typeof raidMeasures)[number];

const measures = z.array(z.enum(raidMeasures)).meta({
  description:
    "What is active meanwhile: no new guests, first messages held for review, slow mode in all rooms, no links from guests and newcomers.",
  examples: [["guests_paused", "first_messages_held"]],
});

export const raidMode = z
  .object({
    id: id.describe("The id of the raid mode."),
    scope,
    isAutomatic: z.boolean().describe("Whether it was switched on by detection, and not by a moderator."),
    startedAt: moment.describe("When it began."),
    endsAt: endMoment.describe("When it ends by itself."),
    endedAt: moment.nullable().meta({ description: "When it ended. Null while it is active.", examples: [null] }),
    actionId: id.nullable().meta({ description: "The bulk action with everything it did. Null if it did nothing.", examples: [null] }),
    measures,
  })
  .describe("A period in which measures against a raid are active.");
export type RaidModeDto = z.infer<typeof raidMode>;

export const startRaidModeInput = z.strictObject({
  scope: scopeInput.describe("Where it applies."),
  durationMs: z
    .number()
    .int()
    .min(60_000)
    .max(86_400_000)
    .meta({ description: "How long it lasts, in ms: from a minute to a day.", examples: [1_800_000] }),
  measures: measures.min(1).optional().describe("The measures; all by default."),
});
export type StartRaidModeInput = z.infer<typeof startRaidModeInput>;

export const listRaidModesInput = pageQuery;
export type ListRaidModesInput = z.infer<typeof listRaidModesInput>;

export const raidModeParams = z.strictObject({ raidModeId: id.describe("The id of the raid mode.") });
export type RaidModeParams = z.infer<typeof raidModeParams>;
