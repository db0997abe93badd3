import { restrictionOf } from "../../../../utils/client/api-error.ts";
import type { ApiError } from "../../api.ts";
import { fieldOf } from "../../shared/state/form-errors.ts";
import { aheadOf, explain } from "../index.ts";
import { explainRestriction } from "../restrictions.ts";
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

/** Returns the text of an error on the account pages, in whole sentences. */
export function errorTextOf(refusal: ApiError): string {
  const reason = String(refusal.detail("reason") ?? "");
  const weak = weakness[reason];
  if (refusal.code === "password_weak" && weak) return ta(weak);
  const trouble = passkeyTrouble[reason];
  if (refusal.code === "passkey_refused" && trouble) return ta(trouble);
  if (refusal.code === "banned" || refusal.code === "muted") return explainRestriction(refusal.code, restrictionOf(refusal));
  return `${explain(refusal.code)} ${addition(refusal)}`.trim();
}
