import type { ErrorCode } from "../../utils/contract/errors.ts";
import type { Actor, Restriction } from "../actor.ts";
import { granted, rejected, type Verdict } from "../authorize.ts";

const rejectedBy = (code: ErrorCode, { until, rule }: Restriction): Verdict =>
  rejected(code, { until: until?.toISOString() ?? null, rule });

/** Whether a user may do anything beyond what is allowed to banned users. */
export const mayAct = ({ ban }: Pick<Actor, "ban">): Verdict => (ban === null ? granted : rejectedBy("banned", ban));

/** Whether a user may send messages and typing events. */
export const mayWrite = ({ mute }: Pick<Actor, "mute">): Verdict => (mute === null ? granted : rejectedBy("muted", mute));
