import { z } from "zod";
import { id, moment, seq } from "./primitives.ts";
import { presenceStatus } from "./rooms.ts";

export const heartbeatInput = z.strictObject({ status: z.enum(["online", "away"]) });
export type HeartbeatInput = z.infer<typeof heartbeatInput>;

export const beat = z.object({ status: presenceStatus, nextHeartbeatMs: z.number().int() });
export type BeatDto = z.infer<typeof beat>;

/** The ack of the socket's heartbeat, which also contains the newest number of every joined room and of the user's conversations. */
export const beatWithHeads = z.object({ status: presenceStatus, heads: z.record(id, seq) });
export type BeatWithHeadsDto = z.infer<typeof beatWithHeads>;

export const presence = z.object({ id, status: presenceStatus, lastSeenAt: moment });
export type PresenceDto = z.infer<typeof presence>;
