import type { ErrorCode } from "./errors.ts";

/** Errors of a missing, expired or revoked token. */
export const tokenErrors: readonly ErrorCode[] = ["unauthenticated", "token_expired", "session_revoked"];

/** Errors for a room that the caller may know about but must not enter. */
export const roomAccessErrors: readonly ErrorCode[] = ["room_requires_account", "room_requires_phone", "room_requires_age", "banned"];

export const textErrors: readonly ErrorCode[] = ["muted", "text_empty", "text_too_long", "too_many_mentions", "account_required"];

export const sendErrors: readonly ErrorCode[] = [
  ...textErrors,
  "idempotency_conflict",
  "slow_mode",
  "reply_other_room",
  "cannot_message",
  "blocked_by_rule",
  "guests_paused",
];

export const editErrors: readonly ErrorCode[] = [...textErrors, "forbidden", "edit_window_closed", "blocked_by_rule", "cannot_message"];

export const reactionErrors: readonly ErrorCode[] = ["muted", "emoji_invalid", "reactions_full", "cannot_message"];

/** Errors of endpoints that create an account. */
export const newAccountErrors: readonly ErrorCode[] = [
  "name_taken",
  "password_weak",
  "email_not_allowed",
  "phone_required",
  "phone_proof_invalid",
  "phone_taken",
  "under_age",
];

/** Errors of endpoints that check credentials. */
export const credentialErrors: readonly ErrorCode[] = ["invalid_credentials", "totp_required", "passkey_refused"];

/** Errors of sensitive endpoints, which could otherwise be used to take over an account. */
export const sensitiveErrors: readonly ErrorCode[] = ["account_required", "step_up_required"];
