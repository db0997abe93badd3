import type { ErrorCode } from "../../utils/contract/errors.ts";
import type { Actor, Restriction } from "../actor.ts";
import { granted, refused, type Verdict } from "../authorize.ts";

const refusedBy = (code: ErrorCode, { until, rule }: Restriction): Verdict => refused(code, { until: until?.toISOString() ?? null, rule });

/** Whether somebody may do anything here beyond what every banned person still may. */
export const mayAct = ({ ban }: Pick<Actor, "ban">): Verdict => (ban === null ? granted : refusedBy("banned", ban));

/** Whether somebody may be heard: messages, and the sign that they are writing one. */
export const maySpeak = ({ mute }: Pick<Actor, "mute">): Verdict => (mute === null ? granted : refusedBy("muted", mute));
