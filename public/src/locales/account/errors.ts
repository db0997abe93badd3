import { restrictionOf } from "../../../../utils/client/api-error.ts";
import type { ApiError } from "../../api.ts";
import { fieldOf } from "../../shared/state/form-errors.ts";
import { aheadOf, explain, formatTime } from "../index.ts";
import type { AccountKey } from "./en.ts";
import { countedOf, ta } from "./index.ts";

const weakness: Record<string, AccountKey> = {
  too_short: "weakShort",
  too_long: "weakLong",
  common: "weakCommon",
  like_name: "weakName",
};

const passkeyTrouble: Record<string, AccountKey> = { none: "passkeyNone", held: "passkeyExists" };

const LONG_MS = 5_000;

/** Returns what an error adds to its plain text: the reason, the attempts left, or when to retry. */
function addition(refusal: ApiError): string {
  const left = refusal.detail("attemptsLeft");
  if (refusal.code === "code_invalid" && typeof left === "number") return countedOf("attemptsLeft", left);
  if (refusal.code === "invalid_input" && fieldOf(refusal) === "username") return ta("usernameRules");
  if (refusal.code === "code_locked") return "";
  const { retryAfterMs } = refusal;
  return retryAfterMs !== undefined && retryAfterMs > LONG_MS
    ? ta("retryTime", { time: aheadOf(new Date(Date.now() + retryAfterMs)) })
    : "";
}

/** Describes a ban or a mute: what it is, and when it ends. The decision itself is one link away. */
function restrictionText(refusal: ApiError): string {
  const { until } = restrictionOf(refusal);
  const what = explain(refusal.code);
  return until === null ? what : `${what} ${ta("restrictionEnds", { time: formatTime(new Date(until)) })}`;
}

/** Whether an error comes from a decision of the moderation, which the user can see and appeal. */
export const isFromDecision = ({ code }: ApiError): boolean => code === "banned" || code === "muted";

/** Returns the text of an error on the account pages, in whole sentences. */
export function errorTextOf(refusal: ApiError): string {
  const reason = String(refusal.detail("reason") ?? "");
  const weak = weakness[reason];
  if (refusal.code === "password_weak" && weak) return ta(weak);
  const trouble = passkeyTrouble[reason];
  if (refusal.code === "passkey_refused" && trouble) return ta(trouble);
  if (isFromDecision(refusal)) return restrictionText(refusal);
  return `${explain(refusal.code)} ${addition(refusal)}`.trim();
}
