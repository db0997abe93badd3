import type { ErrorCode } from "../../utils/contract/errors.ts";
import type { Actor, Restriction } from "../actor.ts";
import { granted, rejected, type Verdict } from "../authorize.ts";

const rejectedBy = (code: ErrorCode, { until, rule }: Restriction): Verdict =>
  rejected(code, { until: until?.toISOString() ?? null, rule });

/** Whether somebody may do anything here beyond what every banned person still may. */
export const mayAct = ({ ban }: Pick<Actor, "ban">): Verdict => (ban === null ? granted : rejectedBy("banned", ban));

/** Whether somebody may be heard: messages, and the sign that they are writing one. */
export const maySpeak = ({ mute }: Pick<Actor, "mute">): Verdict => (mute === null ? granted : rejectedBy("muted", mute));
