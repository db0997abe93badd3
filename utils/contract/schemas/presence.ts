import { z } from "zod";
import { moment, roomId, seq, userId } from "./primitives.ts";
import { presenceStatus } from "./rooms.ts";

export const heartbeatInput = z.strictObject({
  status: z.enum(["online", "away"]).meta({
    description: "Whether the user is active on this device (`online`), or has not used it for a while (`away`).",
    examples: ["online"],
  }),
});
export type HeartbeatInput = z.infer<typeof heartbeatInput>;

const ownStatus = presenceStatus.describe("The user's status across all devices, as shown to others.");

export const beat = z.object({
  status: ownStatus,
  nextHeartbeatMs: z
    .number()
    .int()
    .meta({ description: "When to send the next heartbeat, in ms from now.", examples: [25_000] }),
});
export type BeatDto = z.infer<typeof beat>;

/** The ack of the socket's heartbeat. */
export const beatWithHeads = z.object({
  status: ownStatus,
  heads: z.record(roomId, seq).meta({
    description:
      "The sequence number of the newest change in every joined room and in the user's conversations, by room id. A client that is behind calls `sync_room`.",
    examples: [{ "01993c5e-3d4e-7a61-b7f2-9e0c1d2b3a45": 131 }],
  }),
});
export type BeatWithHeadsDto = z.infer<typeof beatWithHeads>;

export const presence = z
  .object({ id: userId, status: presenceStatus, lastSeenAt: moment.describe("When the user was last active.") })
  .describe("The presence of a user.");
export type PresenceDto = z.infer<typeof presence>;
