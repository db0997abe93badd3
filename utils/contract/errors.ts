import { z } from "zod";

/**
 * Every code a refusal may carry. Closed on purpose: a new code does not compile until
 * `middleware/errors.ts` gives it a status and the page gives it words.
 */
export const errorCodes = [
  "invalid_input",
  "unauthenticated",
  "token_expired",
  "session_revoked",
  "csrf_failed",
  "origin_refused",
  "forbidden",
  "not_found",
  "method_not_allowed",
  "body_too_large",
  "unsupported_media_type",
  "rate_limited",
  "guest_limit",
  "name_taken",
  "room_requires_account",
  "room_requires_phone",
  "room_requires_age",
  "room_full",
  "banned",
  "muted",
  "account_required",
  "already_member",
  "invalid_credentials",
  "totp_required",
  "totp_not_set_up",
  "totp_already_set_up",
  "passkey_refused",
  "step_up_required",
  "password_weak",
  "email_not_allowed",
  "email_taken",
  "phone_required",
  "phone_not_allowed",
  "phone_taken",
  "phone_proof_invalid",
  "code_invalid",
  "code_locked",
  "code_expired",
  "code_used",
  "sms_paused",
  "sms_unavailable",
  "token_invalid",
  "under_age",
  "role_not_allowed",
  "export_limit",
  "delete_blocked",
  "idempotency_conflict",
  "text_empty",
  "text_too_long",
  "too_many_rooms",
  "too_many_connections",
  "unknown_command",
  "resync",
  "unavailable",
  "internal",
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** One refusal, RFC 9457, the same object over REST and in a socket's ack. */
export const problem = z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: z.enum(errorCodes),
  detail: z.string(),
  requestId: z.string(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  retryAfterMs: z.number().int().optional(),
});

export type Problem = z.infer<typeof problem>;
